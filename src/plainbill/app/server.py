"""How the dashboard is run: one uvicorn process, nothing believed that a proxy header says."""

from __future__ import annotations

import uvicorn
from fastapi import FastAPI

from plainbill.app.security import check_exposure
from plainbill.settings import Settings

_PATIENCE = 2  # seconds that open streams get to end when the server stops


def server_config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """Return uvicorn's configuration; raises ``ConfigError`` when a password is needed and not set."""
    check_exposure(settings)
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="warning",
        proxy_headers=False,  # X-Forwarded-For would let anyone choose the address that attempts count for
        server_header=False,
        timeout_graceful_shutdown=_PATIENCE,
        ws="none",
    )
