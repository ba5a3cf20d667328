"""The one folder that holds all of Plainbill's files."""

from __future__ import annotations

from pathlib import Path

from plainbill.errors import StorageError
from plainbill.storage.files import cannot, private_file, private_folder

LOCK_NAME = "collector.lock"
JOURNAL_NAME = "refresh.journal"
STATE_NAME = "state.db"
DIAGNOSIS_NAME = "doctor.json"


class Home:
    """``PLAINBILL_HOME``: folders are 0700 and files 0600, whatever the umask says.

    A folder that already holds somebody else's files keeps its mode; ours inside it are private all the
    same. Raises ``StorageError`` when the folder cannot be made or used.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.expanduser().absolute()
        self.state_db = self.root / STATE_NAME
        self.snapshots = self.root / "snapshots"
        self.lock = self.root / LOCK_NAME
        self.journal = self.root / JOURNAL_NAME
        self.diagnosis = self.root / DIAGNOSIS_NAME
        is_ours = self._is_ours()
        try:
            if is_ours:
                private_folder(self.root)
            private_folder(self.snapshots)
            private_file(self.lock)
        except StorageError as error:
            raise StorageError(f"{error}, or name another folder with PLAINBILL_HOME") from error

    def _is_ours(self) -> bool:
        try:
            return not self.root.exists() or self.snapshots.exists() or not any(self.root.iterdir())
        except NotADirectoryError as error:
            raise StorageError(f"{self.root} is a file; PLAINBILL_HOME must name a folder") from error
        except OSError as error:
            raise cannot("read the folder", self.root, error) from error
