"""Is this EC2 instance idle, and how sure is that? Its accuracy is in docs/idle-accuracy.md."""

from plainbill.analyzer.ec2_idle.classify import PLAINBILL, classify
from plainbill.analyzer.ec2_idle.facts import NO_FACTS, InstanceFacts, Resize
from plainbill.analyzer.ec2_idle.presets import PRESETS, Preset, compare, disagreements
from plainbill.analyzer.ec2_idle.verdict import Classification, Grade, IdleClass, IdlePolicy

__all__ = [
    "NO_FACTS",
    "PLAINBILL",
    "PRESETS",
    "Classification",
    "Grade",
    "IdleClass",
    "IdlePolicy",
    "InstanceFacts",
    "Preset",
    "Resize",
    "classify",
    "compare",
    "disagreements",
]
