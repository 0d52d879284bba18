"""Mail: one letter to one address by SMTP, always over TLS, with the certificate verified.

An error names neither the address nor the text. What is *not* here: what the letters say.
"""

from __future__ import annotations

import smtplib
import ssl
import tomllib
from email.message import EmailMessage
from pathlib import Path
from typing import Final

import msgspec

from wordkept.terms import MalformedPolicyError, UnavailableError, ValueRejectedError

FILE: Final = "mail.toml"
"""In the installation's folder."""
_TIMEOUT: Final = 20.0
"""Seconds for one step of a connection."""


class Letter(msgspec.Struct, frozen=True):
    """What one person is sent."""

    address: str
    subject: str
    text: str

    def __repr__(self) -> str:
        return "<Letter>"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("", repr(self))]


class Server(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The mail server of an installation.

    Attributes:
        host: its name, as its certificate has it.
        port: 465 speaks TLS from the start; every other begins it with STARTTLS, and nothing is said before.
        sender: the address that letters come from.
        user: for a server that wants a name and password.
        password: the password.
        authority: file of the certificates to trust instead of the system's.
        wrapped: TLS from the start on a port other than 465.
    """

    host: str
    sender: str
    port: int = 465
    user: str = ""
    password: str = ""
    authority: str | None = None
    wrapped: bool = False

    def __repr__(self) -> str:
        return f"<Server {self.host}:{self.port}>"

    def send(self, letter: Letter) -> None:
        """Hand one letter over.

        Raises:
            ValueRejectedError: what should be the address is none.
            UnavailableError: nobody answers there, not as who they should be, or they do not take it.
        """
        message = _message(self.sender, letter)
        try:
            with self._connected() as server:
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message, self.sender, [letter.address])
        except (OSError, smtplib.SMTPException):  # its text may have the address
            raise UnavailableError("the mail server did not take a letter") from None

    def _connected(self) -> smtplib.SMTP:
        trust = ssl.create_default_context(cafile=self.authority)
        if self.wrapped or self.port == smtplib.SMTP_SSL_PORT:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=_TIMEOUT, context=trust)
        server = smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT)
        try:
            server.starttls(context=trust)
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server


def server_in(folder: Path) -> Server | None:
    """The mail server that an installation's folder names; none if it names none.

    Raises:
        MalformedPolicyError: the file is malformed.
        UnavailableError: it has a password, and others can read it.
    """
    file = folder / FILE
    try:
        found = msgspec.convert(tomllib.loads(file.read_text("utf-8")), Server)
        mode = file.stat().st_mode
    except FileNotFoundError:
        return None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError):
        raise MalformedPolicyError("not the host, sender, port … of a mail server", file=str(file)) from None
    if found.password and mode & 0o077:
        raise UnavailableError(f"{FILE} has a password and is not its owner's alone", hint=f"chmod 600 {file}")
    return found


def _message(sender: str, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    try:
        message["From"], message["To"], message["Subject"] = sender, letter.address, letter.subject
    except ValueError:
        raise ValueRejectedError("that is no address that mail goes to") from None
    message.set_content(letter.text)
    return message
