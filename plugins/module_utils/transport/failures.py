# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What went wrong with a request, in the words of the person who runs the playbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

from ..errors import TransportError
from .answers import TooLarge
from .library import requests, urllib3
from .wire import Exchange


@dataclass(frozen=True)
class Explainer:
    """host: the server, as messages may show it. short: makes foreign text fit for a message, without secrets."""

    host: str
    short: Callable[[str, int], str]

    def explain(self, error: Exception, exchange: Exchange) -> TransportError:
        """A TransportError for an error of the library. In doubt when a byte of the request may have left."""
        if exchange.sent:
            return TransportError(self._without_answer(error, exchange), in_doubt=True)
        return self._not_sent(error, exchange)

    def _without_answer(self, error: Exception, exchange: Exchange) -> str:
        kinds = requests.exceptions
        if isinstance(error, TooLarge):
            return f"the answer of {self.host} is {error}"
        if exchange.expired or exchange.countdown.left() <= 0:
            return f"the answer of {self.host} did not end before the deadline"
        if isinstance(error, (kinds.Timeout, urllib3.exceptions.TimeoutError)):
            return f"{self.host} did not answer within {exchange.timeout:g} s"
        if isinstance(error, kinds.SSLError):
            return f"TLS with {self.host} failed ({self.short(str(_cause(error)), 160)}); check url"
        return (
            f"the connection to {self.host} broke before the whole answer came ({self.short(str(_cause(error)), 160)})"
        )

    def _not_sent(self, error: Exception, exchange: Exchange) -> TransportError:
        kinds = requests.exceptions
        text = str(_cause(error))
        host = self.host
        if exchange.expired:
            return TransportError(f"the request to {host} was not sent before its deadline", final=True)
        if isinstance(error, kinds.SSLError):
            return self._tls(text)
        if isinstance(error, kinds.ProxyError):
            return TransportError(f"the proxy did not reach {host}; check the proxy variables of the environment")
        if isinstance(error, kinds.Timeout):
            what = f"{host} did not accept a connection within {exchange.timeout:g} s; check url and firewall"
            return TransportError(what)
        if isinstance(error, (kinds.InvalidHeader, UnicodeError)):
            what = (
                "the credentials hold a character that an HTTP header cannot hold; check username, password and token"
            )
            return TransportError(what, final=True)
        if isinstance(error, (kinds.InvalidURL, kinds.MissingSchema, kinds.InvalidSchema)):
            return TransportError("url is not a valid http(s) address", final=True)
        if any(word in text for word in ("NameResolution", "Name or service not known", "getaddrinfo", "resolve")):
            return TransportError(f"the name {host} cannot be resolved; check url", final=True)
        if "NewConnectionError" in text or "refused" in text or "new connection" in text:
            return TransportError(f"{host} refuses the connection; check url, port and that the service runs")
        network = isinstance(error, kinds.ConnectionError)
        return TransportError(f"nothing could be sent to {host}: {self.short(text, 160)}", final=not network)

    def _tls(self, text: str) -> TransportError:
        if "CERTIFICATE_VERIFY_FAILED" not in text and "match" not in text:  # urllib3 1.26 compares names itself
            return TransportError(f"TLS with {self.host} failed ({self.short(text, 160)}); check url")
        why = "the certificate has expired" if "expired" in text else "the certificate cannot be verified"
        what = f"TLS with {self.host} failed: {why}; renew it, or set ca_path, or check url ({self.short(text, 160)})"
        return TransportError(what, final=True)


def _cause(error: Any) -> Any:
    """The reason inside an error. Its text does not contain the path, whose words could mislead."""
    inner = error.args[0] if error.args else error
    return getattr(inner, "reason", None) or inner
