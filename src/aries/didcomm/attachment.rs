//! Attachments (RFC 0017): base64 or JSON.
