"""The tables behind ``classify``: AWS's error codes and botocore's exception classes, by kind."""

from __future__ import annotations

from collections.abc import Mapping

import botocore.exceptions as boto
from botocore.parsers import ResponseParserError

from plainbill.aws_connector.errors import (
    AccessDenied,
    AwsCallError,
    ClockSkew,
    CredentialsExpired,
    CredentialsRejected,
    InvalidRequest,
    InvalidSetup,
    NoCredentials,
    NotEnabled,
    PagesChanged,
    RegionDisabled,
    ServerFailure,
    Throttled,
    Unreachable,
    UnreadableAnswer,
)

CODES: Mapping[type[AwsCallError], tuple[str, ...]] = {
    AccessDenied: (
        "AccessDenied",
        "AccessDeniedException",
        "UnauthorizedOperation",  # EC2
        "UnauthorizedException",
        "NotAuthorized",
        "AuthorizationError",
    ),
    CredentialsExpired: (
        "ExpiredToken",
        "ExpiredTokenException",
        "TokenRefreshRequired",
        "UnauthorizedSSOToken",
    ),
    CredentialsRejected: (
        "AuthFailure",  # EC2; also its answer for a region that is not enabled
        "UnrecognizedClientException",  # the same elsewhere
        "InvalidClientTokenId",
        "InvalidAccessKeyId",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "SignatureDoesNotMatch",
        "RequestExpired",
    ),
    RegionDisabled: ("RegionDisabledException",),
    NotEnabled: (
        "OptInRequired",  # EC2
        "NotSignedUp",  # S3
        "OptInRequiredException",  # Compute Optimizer
        "SubscriptionRequiredException",  # Support
        "DataUnavailableException",  # Cost Explorer
        "PendingVerification",
        "BillingViewHealthStatusException",  # Cost Explorer
    ),
    ClockSkew: ("RequestTimeTooSkewed", "RequestInTheFuture"),
    PagesChanged: (
        "RequestChangedException",
        "InvalidNextToken",
        "InvalidNextTokenException",
        "InvalidPaginationToken",
        "InvalidPaginationTokenException",
        "ExpiredNextTokenException",
    ),
    Throttled: (
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottledException",
        "RequestThrottled",
        "TooManyRequestsException",
        "ProvisionedThroughputExceededException",
        "TransactionInProgressException",
        "RequestLimitExceeded",  # EC2
        "BandwidthLimitExceeded",
        "LimitExceededException",  # Cost Explorer
        "SlowDown",
        "PriorRequestNotComplete",
        "EC2ThrottledException",
    ),
    ServerFailure: (
        "InternalError",
        "InternalFailure",
        "InternalServiceError",
        "ServiceUnavailable",
        "Unavailable",
    ),
}
KIND_OF_CODE = {code: kind for kind, codes in CODES.items() for code in codes}

CLASSES: Mapping[type[AwsCallError], tuple[type[Exception], ...]] = {
    NoCredentials: (
        boto.NoCredentialsError,
        boto.NoAuthTokenError,
        boto.PartialCredentialsError,
    ),
    CredentialsExpired: (
        boto.CredentialRetrievalError,
        boto.MetadataRetrievalError,
        boto.RefreshWithMFAUnsupportedError,
        boto.SSOError,
        boto.LoginError,
        boto.TokenRetrievalError,
    ),
    Unreachable: (boto.HTTPClientError, boto.ConnectionError, boto.CapacityNotAvailableError),
    UnreadableAnswer: (
        boto.ChecksumError,
        boto.IncompleteReadError,
        boto.ResponseStreamingError,
        boto.FlexibleChecksumError,
        boto.AwsChunkedWrapperError,
        boto.EventStreamError,
        ResponseParserError,
    ),
    PagesChanged: (boto.PaginationError,),
    InvalidSetup: (
        boto.ProfileNotFound,
        boto.ConfigNotFound,
        boto.ConfigParseError,
        boto.InvalidConfigError,
        boto.UnknownCredentialError,
        boto.UnknownTokenProviderError,
        boto.UnknownRegionError,
        boto.InvalidRegionError,
        boto.BaseEndpointResolverError,
        boto.EndpointProviderError,
        boto.InvalidEndpointConfigurationError,
        boto.InvalidEndpointDiscoveryConfigurationError,
        boto.InvalidIMDSEndpointError,
        boto.InvalidIMDSEndpointModeError,
        boto.InvalidRetryConfigurationError,
        boto.InvalidProxiesConfigError,
        boto.InvalidDefaultsMode,
        boto.InvalidChecksumConfigError,
        boto.InvalidSTSRegionalEndpointsConfigError,
        boto.InvalidS3UsEast1RegionalEndpointConfigError,
        boto.InvalidS3AddressingStyleError,
        boto.UnsupportedS3ConfigurationError,
        boto.UnsupportedS3AccesspointConfigurationError,
        boto.UnsupportedS3ControlConfigurationError,
        boto.ServiceNotInRegionError,
        boto.DataNotFoundError,
        boto.ApiVersionNotFoundError,
        boto.UnsupportedServiceProtocolsError,
        boto.MissingDependencyException,
        boto.MD5UnavailableError,
        boto.UndefinedModelAttributeError,
        boto.UnknownSignatureVersionError,
        boto.UnsupportedSignatureVersionError,
        boto.UnknownServiceStyle,
        boto.WaiterConfigError,
    ),
    InvalidRequest: (
        boto.ParamValidationError,
        boto.ValidationError,
        boto.MissingParametersError,
        boto.OperationNotPageableError,
        boto.InvalidExpressionError,
        boto.UnknownClientMethodError,
        boto.UnseekableStreamError,
        boto.InvalidDNSNameError,
        boto.InvalidHostLabelError,
        boto.UnsupportedS3ArnError,
        boto.UnsupportedS3ControlArnError,
        boto.UnsupportedOutpostResourceError,
        boto.StubResponseError,
        boto.WaiterError,
    ),
}
KIND_OF_CLASS = {raised: kind for kind, classes in CLASSES.items() for raised in classes}
