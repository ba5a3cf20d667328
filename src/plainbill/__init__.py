"""Plainbill: AWS costs that reconcile and waste that is proven, from your own machine."""

__version__ = "0.1.0"
