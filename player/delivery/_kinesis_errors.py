"""What AWS's errors mean to a screen: wait, wait long, set the clock, or make the request smaller.

Names: API reference of Kinesis Data Streams, ``PutRecords`` and "Common errors"; AWS Signature Version 4,
"Troubleshooting".
"""

from __future__ import annotations

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    TokenRetrievalError,
)

from config import Code, OohError

_THROTTLED = frozenset(
    {
        "KMSThrottlingException",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_MEANING = {
    "InvalidSignatureException": Code.DELIVERY_CLOCK,
    "RequestExpired": Code.DELIVERY_CLOCK,
    "RequestInTheFuture": Code.DELIVERY_CLOCK,
    "RequestTimeTooSkewed": Code.DELIVERY_CLOCK,
    "SignatureDoesNotMatch": Code.DELIVERY_CLOCK,
    "ExpiredToken": Code.DELIVERY_CREDENTIALS,
    "ExpiredTokenException": Code.DELIVERY_CREDENTIALS,
    "IncompleteSignature": Code.DELIVERY_CREDENTIALS,
    "InvalidClientTokenId": Code.DELIVERY_CREDENTIALS,
    "MissingAuthenticationTokenException": Code.DELIVERY_CREDENTIALS,
    "UnrecognizedClientException": Code.DELIVERY_CREDENTIALS,
    "AccessDenied": Code.DELIVERY_DENIED,
    "AccessDeniedException": Code.DELIVERY_DENIED,
    "KMSAccessDeniedException": Code.DELIVERY_DENIED,
    "NotAuthorized": Code.DELIVERY_DENIED,
    "OptInRequired": Code.DELIVERY_DENIED,
    "ResourceNotFoundException": Code.DELIVERY_NO_RECEIVER,
}
_OTHER_KEY = "does not match the signature you provided"
"""AWS says this of a key that is not the key id's; of a clock, "Signature expired" or "Signature not yet current"."""
_NO_CREDENTIALS = (
    NoCredentialsError,
    PartialCredentialsError,
    CredentialRetrievalError,
    ProfileNotFound,
    TokenRetrievalError,
)


def is_throttle(reason: str) -> bool:
    """True for the error codes that say "later", of a request or of one entry."""
    return reason in _THROTTLED


def aws_error(error: ClientError) -> OohError:
    """A request that AWS answered with an error."""
    told = error.response.get("Error", {})
    reason, message = str(told.get("Code", "")), str(told.get("Message", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    return OohError(_code(reason, message, status), str(error))


def sdk_error(error: BotoCoreError) -> OohError:
    """A request that got no answer, or was never made."""
    if isinstance(error, _NO_CREDENTIALS):
        return OohError(Code.DELIVERY_CREDENTIALS, str(error))
    text = str(error)
    # A certificate from the future is a clock from the past: TLS refuses before AWS can.
    code = Code.DELIVERY_CLOCK if "certificate is not yet valid" in text else Code.DELIVERY_UNAVAILABLE
    return OohError(code, text)


def _code(reason: str, message: str, status: int) -> Code:
    if is_throttle(reason) or status == 429:
        return Code.DELIVERY_THROTTLED
    if _OTHER_KEY in message:
        return Code.DELIVERY_CREDENTIALS
    if reason in _MEANING:
        return _MEANING[reason]
    if status >= 500 or status == 408:
        return Code.DELIVERY_UNAVAILABLE
    if status == 413 or _too_large(reason, message):
        return Code.DELIVERY_TOO_LARGE
    return Code.DELIVERY_REFUSED


def _too_large(reason: str, message: str) -> bool:
    """A stream may have been set to take smaller records than this player knows of."""
    if reason == "InvalidArgumentException":
        return "size" in message.lower()
    return reason == "ValidationException" and "data'" in message and "length" in message
