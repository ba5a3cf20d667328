"""Days that cost more or less than a bill's rhythm explains, in money and with their likely cause."""

from plainbill.analyzer.anomaly.bill import Anomaly, Cause, Parts, Scope, anomalies_of
from plainbill.analyzer.anomaly.detector import Ground, Shape

__all__ = ["Anomaly", "Cause", "Ground", "Parts", "Scope", "Shape", "anomalies_of"]
