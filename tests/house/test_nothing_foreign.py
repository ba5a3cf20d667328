"""What must never be committed: other people's bundles, secrets, addresses of one machine's registries."""

from __future__ import annotations

import re

import pytest

import hatch_build
from house.repository import ROOT, committed_files, name_of

SECRETS = {
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "an AWS secret key": re.compile(r"(?i)secret_access_key\s*[=:]\s*[\"']?[A-Za-z0-9/+]{40}\b"),
    "a GitHub token": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}\b"),
}
MADE_UP = "EXAMPLE"  # in every key of AWS's own documentation, and in those of our tests
LOCKS = ["requirements.txt", "requirements/installer.txt", "requirements/node.txt", "package-lock.json"]
LOCKS += ["tests/browser-tools/package-lock.json"]


def test_documentation_keys_are_no_secrets() -> None:
    assert secrets_in("aws_access_key_id = AKIAIOSFODNN7EXAMPLE") == []


def test_a_real_looking_key_is_found() -> None:
    assert secrets_in("key: " + "AKIA" + "QWERTYUIOPASDFGH") == ["an AWS access key"]


def test_no_file_holds_anything_shaped_like_a_secret() -> None:
    found = {name_of(file): secrets_in(text_of(file)) for file in committed_files()}
    assert {name: secrets for name, secrets in found.items() if secrets} == {}


def test_no_third_party_javascript_is_committed() -> None:
    names = [name_of(file) for file in committed_files()]
    foreign = re.compile(r"\.min\.(js|css)$|\.umd\.js$|/vendor/|node_modules/")
    assert [name for name in names if foreign.search(name)] == []


def test_no_committed_script_or_style_is_minified() -> None:
    files = [file for file in committed_files() if file.suffix in {".js", ".css"}]
    longest = {name_of(file): max(map(len, text_of(file).splitlines()), default=0) for file in files}
    assert {name: length for name, length in longest.items() if length > 200} == {}


def test_no_environment_file_is_committed() -> None:
    assert not [file for file in committed_files() if file.name == ".env"]


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_no_registry(lock: str) -> None:
    text = text_of(ROOT / lock)
    assert "sha512-" in text or "--hash=sha256:" in text
    assert not re.search(r"https?://|file:|--index-url|--find-links|\"resolved\"", text)


def test_the_vendor_files_carry_their_licences() -> None:
    vendor = ROOT / hatch_build.VENDOR
    assert hatch_build.missing(ROOT) == []
    licences = [text_of(vendor / name) for name in hatch_build.FILES.values() if "LICENSE" in name]
    assert len(licences) == 2
    assert all("Permission is hereby granted, free of charge" in licence for licence in licences)


def text_of(file: object) -> str:
    return (ROOT / str(file)).read_bytes().decode("utf-8", errors="replace")


def secrets_in(text: str) -> list[str]:
    return [
        kind
        for kind, shape in SECRETS.items()
        if any(MADE_UP not in found.group() for found in shape.finditer(text))
    ]
