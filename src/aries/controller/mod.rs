//! Asking issuers and verifiers over HTTPS: ACA-Py's admin API, Traction, any other.
