//! Signatures inside messages: detached JWS over attachments, and `~sig` of RFC 0234.
