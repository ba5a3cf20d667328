"""Sample answers of settings and search, for the description of the API."""

from __future__ import annotations

from datetime import UTC, datetime

from plainbill.app.views.installation import AccessView, SettingRowView, SettingsView, StoredView
from plainbill.app.views.search import HitView, SearchView

SETTINGS = SettingsView(
    version="1.0.0",
    home="/home/kim/.local/share/plainbill",
    settings=[
        SettingRowView(
            variable="PLAINBILL_REFRESH_HOURS",
            value="12",
            is_secret=False,
            default="24",
            origin=".env",
            description="`serve` refreshes data older than this; 0 never refreshes by itself.",
            effect="Each refresh is paid anew; half the hours are about twice the dollars.",
        ),
        SettingRowView(
            variable="PLAINBILL_PASSWORD",
            value="set",
            is_secret=True,
            default="",
            origin="environment",
            description="Asked for by the dashboard (user name: any); needed beyond loopback.",
            effect="None.",
        ),
    ],
    aws_variables=["AWS_PROFILE"],
    stored=[StoredView(what="readings of AWS (Parquet)", files=21, size=1_482_113)],
    last_refresh=datetime(2026, 11, 24, 6, 0, 12, tzinfo=UTC),
    next_refresh=datetime(2026, 11, 24, 18, 0, 12, tzinfo=UTC),
    access=[
        AccessView(
            title="Policy of the identity that reads",
            command="plainbill iam-policy",
            text='{"Version": "2012-10-17", "Statement": []}',
        )
    ],
)
SEARCH = SearchView(
    q="nat",
    hits=[
        HitView(
            kind="Check",
            label="NAT gateway without traffic",
            detail="nat_gateway_idle",
            href="/checks#nat_gateway_idle",
        ),
        HitView(
            kind="Finding",
            label="nat-eu: NAT gateway without traffic",
            detail="$35.04 a month · Production · eu-central-1",
            href="/findings/6f1d2c3b4a596877",
        ),
    ],
    findings=1,
)
