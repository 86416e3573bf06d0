"""The environment of someone who has run nothing yet."""

from __future__ import annotations

from pathlib import Path

from bench.cold import cold


def test_a_cold_environment_has_no_caches_and_keeps_the_way_to_the_network() -> None:
    inherited = {
        "PATH": "/usr/bin",
        "HOME": "/home/me",
        "HTTPS_PROXY": "http://proxy:8080",
        "PIP_CERT": "/etc/certificate.pem",
        "PIP_CACHE_DIR": "/var/cache/pip",
        "UV_CACHE_DIR": "/var/cache/uv",
        "UV_INDEX_URL": "https://packages.example.com",
        "XDG_CACHE_HOME": "/var/cache",
        "PYTHONPATH": "src",
        "VIRTUAL_ENV": "/home/me/.venv",
        "ANTIPODE_PORT": "5000",
    }
    assert cold(inherited, Path("scratch")) == {
        "PATH": "/usr/bin",
        "HOME": "scratch/home",
        "HTTPS_PROXY": "http://proxy:8080",
        "PIP_CERT": "/etc/certificate.pem",
        "UV_CACHE_DIR": "scratch/uv",
        "UV_INDEX_URL": "https://packages.example.com",
    }
