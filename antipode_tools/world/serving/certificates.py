"""TLS on this machine: the world's own certificate authority, and what it signs.

The authority is kept in the world's folder, so that a client who trusts it once trusts every later
world there. It can vouch for this machine alone: its name constraints allow nothing else.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from antipode_tools.world.errors import WorldError
from localaws.sockets import HOST

_NAME = "localhost"
# Browsers take no server's certificate that is valid for longer than 398 days.
_SERVER_VALID = timedelta(days=397)
_AUTHORITY_VALID = timedelta(days=3650)
# Clocks differ.
_EARLIER = timedelta(days=1)

Now = Callable[[], datetime]


@dataclass(frozen=True)
class Authority:
    """A certificate authority, which signs for 127.0.0.1 and localhost."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def kept(cls, folder: Path, now: Now) -> Self:
        """The authority kept in a folder, made anew if there is none or it is about to expire.

        Raises:
            WorldError: what is there cannot be read.
        """
        found = cls._read(folder)
        if found and now() + _SERVER_VALID < found.certificate.not_valid_after_utc:
            return found
        made = cls._made(now())
        _write(folder / "ca.key", _pem(made.key))
        _write(folder / "ca.pem", made.certificate.public_bytes(Encoding.PEM))
        return made

    @classmethod
    def _read(cls, folder: Path) -> Self | None:
        try:
            certificate = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
            key = load_pem_private_key((folder / "ca.key").read_bytes(), None)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            raise _unreadable(folder, str(error)) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise _unreadable(folder, "ca.key is not an elliptic-curve key")
        if key.public_key() != certificate.public_key():
            raise _unreadable(folder, "ca.key is not the key of ca.pem")
        return cls(certificate, key)

    @classmethod
    def _made(cls, now: datetime) -> Self:
        key = ec.generate_private_key(ec.SECP256R1())
        name = _named("Antipode's local world")
        here = [x509.DNSName(_NAME), x509.IPAddress(IPv4Network(f"{HOST}/32"))]
        builder = (
            _builder(name, name, key, now, _AUTHORITY_VALID)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(x509.NameConstraints(here, None), critical=True)
        )
        return cls(builder.sign(key, hashes.SHA256()), key)

    def server(self, folder: Path, now: Now) -> ssl.SSLContext:
        """The TLS context of a server on this machine; its file is in the folder while it loads."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = [x509.DNSName(_NAME), x509.IPAddress(IPv4Address(HOST))]
        issuer = self.certificate.subject
        of_issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        certificate = (
            _builder(_named(_NAME), issuer, key, now(), _SERVER_VALID)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(of_issuer, critical=False)
            .sign(self.key, hashes.SHA256())
        )
        both = folder / "server.pem"
        _write(both, certificate.public_bytes(Encoding.PEM) + _pem(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(both)
        both.unlink()
        return context


def utc() -> datetime:
    """The time now."""
    return datetime.now(UTC)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    valid: timedelta,
) -> x509.CertificateBuilder:
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + valid)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(file: Path, content: bytes) -> None:
    """Write a file that only its owner can read, since it may hold a key."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:
        output.write(content)


def _unreadable(folder: Path, why: str) -> WorldError:
    return WorldError(
        "the world's certificate authority cannot be read",
        why,
        f"remove {folder}: a new one is made, and clients must trust that one",
    )
