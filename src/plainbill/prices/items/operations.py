"""Streams, logs, alarms, secrets, keys, health checks, SageMaker and WorkSpaces, as items."""

from __future__ import annotations

from plainbill.prices.items.kinds import Item, Unit

KINESIS_SHARD = Item("kinesis", "shard", Unit.HOUR)
KINESIS_ON_DEMAND_STREAM = Item("kinesis", "on_demand_stream", Unit.HOUR)
KINESIS_EXTENDED_RETENTION = Item("kinesis", "extended_retention.on_demand", Unit.GB_MONTH)
LOGS_INGESTION = Item("logs", "ingestion", Unit.GB)
LOGS_STORAGE = Item("logs", "storage", Unit.GB_MONTH)
LOGS_INSIGHTS = Item("logs", "insights_scanned", Unit.GB)
CLOUDWATCH_ALARM_STANDARD = Item("cloudwatch", "alarm.standard_resolution", Unit.MONTH)
"""One alarm on one metric."""
CLOUDWATCH_ALARM_HIGH_RESOLUTION = Item("cloudwatch", "alarm.high_resolution", Unit.MONTH)
CLOUDWATCH_DASHBOARD = Item("cloudwatch", "dashboard", Unit.MONTH)
CLOUDWATCH_METRIC = Item("cloudwatch", "metric", Unit.MONTH)
"""A custom metric, or one of an instance's seven of detailed monitoring; the first 10,000 of a month."""
SECRET = Item("secretsmanager", "secret", Unit.MONTH)
KMS_KEY = Item("kms", "key", Unit.MONTH)
ROUTE53_HEALTH_CHECK_AWS = Item("route53", "health_check.aws_endpoint", Unit.MONTH)
ROUTE53_HEALTH_CHECK_OTHER = Item("route53", "health_check.other_endpoint", Unit.MONTH)


def sagemaker_instance(instance_type: str, use: str) -> Item:
    """A SageMaker instance (ml.m5.large) used as endpoint or notebook."""
    return Item("sagemaker", f"{instance_type}:{use}", Unit.HOUR)


def workspace(bundle: str, running_mode: str) -> Item:
    """A WorkSpace by compute type (VALUE, STANDARD ...) and running mode (ALWAYS_ON: the monthly fee)."""
    return Item("workspaces", f"{bundle}:{running_mode}", Unit.MONTH)
