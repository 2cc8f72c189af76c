//! Which credentials a verifier takes.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::Value;

use super::{Definition, Held, marker};

/// Deepest nesting that is read.
const DEPTH_MAX: usize = 16;

/// Which credentials will do for an attribute or a statement.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Restrictions {
    json: Value,
    #[serde(skip)]
    query: Query,
}

#[derive(Debug, Clone, PartialEq)]
enum Query {
    All(Vec<Query>),
    Any(Vec<Query>),
    Not(Box<Query>),
    Is { tag: String, value: String },
}

impl<'de> Deserialize<'de> for Restrictions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        let query = Query::read(&json, DEPTH_MAX).ok_or_else(|| {
            D::Error::custom(
                "`restrictions` are lists of objects like {\"cred_def_id\": \"…\"}, or $and, $or and $not of such",
            )
        })?;
        Ok(Self { json, query })
    }
}

impl Restrictions {
    /// Whether any credential will do, or none at all.
    #[must_use]
    pub fn are_none(&self) -> bool {
        self.query.is_none()
    }

    /// Whether what a presentation shows of a credential will do.
    pub(super) fn allow_shown(&self, tags: &Tags<'_>) -> bool {
        self.query.allows(tags)
    }

    /// Whether this credential will do.
    #[must_use]
    pub fn allow(&self, held: &Held) -> bool {
        let values = |name: &str| held.credential.value(name).map(|value| value.raw.as_str());
        let credential = &held.credential;
        self.query.allows(&Tags {
            schema_id: &credential.schema_id,
            registry_id: credential.rev_reg_id.as_deref(),
            definition: &held.definition,
            has: &|name| values(name).is_some(),
            value: &values,
        })
    }
}

impl Query {
    fn read(json: &Value, depth: usize) -> Option<Self> {
        let depth = depth.checked_sub(1)?;
        match json {
            Value::Array(items) => {
                let items: Option<Vec<_>> = items.iter().map(|it| Self::read(it, depth)).collect();
                let items = items?;
                // A list is of alternatives, but an empty one restricts nothing.
                Some(if items.is_empty() { Self::All(items) } else { Self::Any(items) })
            }
            Value::Object(fields) => {
                let fields = fields.iter().map(|(tag, value)| Self::field(tag, value, depth));
                fields.collect::<Option<_>>().map(Self::All)
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        }
    }

    fn field(tag: &str, value: &Value, depth: usize) -> Option<Self> {
        let list = || -> Option<Vec<Self>> {
            value.as_array()?.iter().map(|it| Self::read(it, depth)).collect()
        };
        match tag {
            "$and" => list().map(Self::All),
            "$or" => list().map(Self::Any),
            "$not" => Self::read(value, depth).map(|query| Self::Not(Box::new(query))),
            _ if tag.starts_with('$') => None,
            _ => Some(Self::Is { tag: tag.to_owned(), value: value.as_str()?.to_owned() }),
        }
    }

    fn is_none(&self) -> bool {
        match self {
            Self::All(items) => items.iter().all(Self::is_none),
            Self::Any(items) => items.iter().any(Self::is_none),
            Self::Not(_) | Self::Is { .. } => false,
        }
    }

    fn allows(&self, of: &Tags<'_>) -> bool {
        match self {
            Self::All(items) => items.iter().all(|it| it.allows(of)),
            Self::Any(items) => items.iter().any(|it| it.allows(of)),
            Self::Not(item) => !item.allows(of),
            Self::Is { tag, value } => of.tag(tag).is_some_and(|it| it == value),
        }
    }
}

/// What restrictions may name of a credential.
pub(super) struct Tags<'a> {
    pub(super) schema_id: &'a str,
    pub(super) registry_id: Option<&'a str>,
    pub(super) definition: &'a Definition,
    /// Whether it has an attribute of this name.
    pub(super) has: &'a dyn Fn(&str) -> bool,
    /// What it says of an attribute, as far as it is known.
    pub(super) value: &'a dyn Fn(&str) -> Option<&'a str>,
}

impl Tags<'_> {
    fn tag(&self, tag: &str) -> Option<&str> {
        let definition = self.definition.parsed();
        Some(match tag {
            "schema_id" => self.schema_id,
            "schema_name" => &definition.schema.name,
            "schema_version" => &definition.schema.version,
            "schema_issuer_did" | "schema_issuer_id" => &definition.schema.issuer_id,
            "cred_def_id" => &definition.id,
            "issuer_did" | "issuer_id" => &definition.issuer_id,
            "rev_reg_id" => self.registry_id?,
            _ => {
                let (name, what) = tag.strip_prefix("attr::")?.rsplit_once("::")?;
                let name = marker(name);
                match what {
                    "marker" if (self.has)(&name) => "1",
                    "value" => (self.value)(&name)?,
                    _ => return None,
                }
            }
        })
    }
}
