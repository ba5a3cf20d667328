"""The last diagnosis (``plainbill doctor``), in a file of its own: only the last counts."""

from __future__ import annotations

import secrets
from contextlib import suppress

from pydantic import TypeAdapter, ValidationError

from plainbill.errors import StorageError
from plainbill.model.diagnosis import Diagnosis
from plainbill.storage.files import cannot, publish
from plainbill.storage.home import Home

_ADAPTER = TypeAdapter(Diagnosis)


def keep_diagnosis(home: Home, diagnosis: Diagnosis) -> None:
    """Keep a diagnosis in place of the one before; raises ``StorageError``."""
    path = home.diagnosis
    writing = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        publish(writing, _ADAPTER.dump_json(diagnosis))
        writing.replace(path)
    except OSError as error:
        with suppress(OSError):  # a disk that cannot be written refuses this too
            writing.unlink(missing_ok=True)
        raise cannot("write", path, error) from error


def last_diagnosis(home: Home) -> Diagnosis | None:
    """Return the diagnosis that was kept last, None where there is none.

    Raises ``StorageError`` for a file that cannot be read or is not one: another diagnosis replaces it.
    """
    try:
        return _ADAPTER.validate_json(home.diagnosis.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise cannot("read", home.diagnosis, error) from error
    except ValidationError as error:
        raise StorageError(f"{home.diagnosis.name} is damaged; `plainbill doctor` writes it anew") from error
