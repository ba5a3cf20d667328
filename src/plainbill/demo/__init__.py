"""A local endpoint that answers as AWS would for a made-up company, to unmodified AWS clients.

``company`` says what is true of it, ``load`` and ``bill`` compute its metrics and costs by formula,
``estate_*`` are families of its resources (``estate`` says how to add one), ``metrics_*`` what CloudWatch has
of them, ``wire*`` speak AWS's protocols from AWS's own service models, ``answers_*`` put it all together and
``server`` serves them.
"""
