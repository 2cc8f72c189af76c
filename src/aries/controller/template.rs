//! Texts with places for what is known only when something is asked: `/holders/{label}`.

use serde_json::{Map, Value};

use crate::aries::transport::text::percent;

/// What can stand in a template.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Label,
    InvitationId,
    ConnectionId,
    Content,
    Menu,
    CredDefId,
    Attributes,
    Comment,
    ExchangeId,
    RegistryId,
    Index,
    Request,
}

impl Slot {
    const ALL: [Self; 12] = [
        Self::Label,
        Self::InvitationId,
        Self::ConnectionId,
        Self::Content,
        Self::Menu,
        Self::CredDefId,
        Self::Attributes,
        Self::Comment,
        Self::ExchangeId,
        Self::RegistryId,
        Self::Index,
        Self::Request,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::InvitationId => "invitation_id",
            Self::ConnectionId => "connection_id",
            Self::Content => "content",
            Self::Menu => "menu",
            Self::CredDefId => "cred_def_id",
            Self::Attributes => "attributes",
            Self::Comment => "comment",
            Self::ExchangeId => "exchange_id",
            Self::RegistryId => "registry_id",
            Self::Index => "index",
            Self::Request => "request",
        }
    }
}

/// What stands in the slots of one question.
pub(super) type Filled<'a> = &'a [(Slot, Value)];

/// A text with slots.
#[derive(Clone)]
pub(super) struct Template(Vec<Piece>);

#[derive(Clone, PartialEq)]
enum Piece {
    Text(String),
    Slot(Slot),
}

/// A body with slots in its texts.
#[derive(Clone)]
pub(super) enum BodyTemplate {
    Plain(Value),
    /// A text that is one slot and nothing else becomes what stands in it, of any type.
    Slot(Slot),
    Text(Template),
    List(Vec<Self>),
    Fields(Vec<(String, Self)>),
}

impl Template {
    /// Reads a text in which `{label}` and its like are slots; other braces are themselves.
    ///
    /// # Errors
    /// A slot that is not among those `allowed`, with a right one.
    pub(super) fn parse(text: &str, allowed: &[Slot]) -> Result<Self, String> {
        let (mut pieces, mut plain, mut rest) = (Vec::new(), String::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            plain += before;
            match after.split_once('}').filter(|(name, _)| is_word(name)) {
                None => {
                    plain.push('{');
                    rest = after;
                }
                Some((name, after)) => {
                    let slot = allowed.iter().find(|slot| slot.name() == name);
                    let slot = slot.ok_or_else(|| unknown(name, allowed))?;
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                    pieces.push(Piece::Slot(*slot));
                    rest = after;
                }
            }
        }
        pieces.push(Piece::Text(plain + rest));
        pieces.retain(|piece| *piece != Piece::Text(String::new()));
        Ok(Self(pieces))
    }

    /// The text before the first slot.
    pub(super) fn beginning(&self) -> &str {
        match self.0.first() {
            Some(Piece::Text(text)) => text,
            Some(Piece::Slot(_)) | None => "",
        }
    }

    /// Whether something stands in each slot.
    pub(super) fn is_filled(&self, filled: Filled<'_>) -> bool {
        self.0.iter().all(|piece| match piece {
            Piece::Text(_) => true,
            Piece::Slot(slot) => value_of(*slot, filled).is_some(),
        })
    }

    /// Fills the slots of a URL; what stands in them cannot reach beyond its segment.
    pub(super) fn url(&self, filled: Filled<'_>) -> String {
        self.render(|slot| percent(&text_of(slot, filled)))
    }

    fn render(&self, slot: impl Fn(Slot) -> String) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Slot(it) => slot(*it),
        });
        pieces.collect()
    }
}

impl BodyTemplate {
    /// Reads a body: slots are looked for in its texts, at any depth.
    ///
    /// # Errors
    /// A slot that is not among those `allowed`, with a right one.
    pub(super) fn parse(body: Value, allowed: &[Slot]) -> Result<Self, String> {
        Ok(match body {
            Value::String(text) => {
                let template = Template::parse(&text, allowed)?;
                match template.0[..] {
                    [Piece::Slot(slot)] => Self::Slot(slot),
                    _ => Self::Text(template),
                }
            }
            Value::Array(items) => {
                let items = items.into_iter().map(|item| Self::parse(item, allowed));
                Self::List(items.collect::<Result<_, _>>()?)
            }
            Value::Object(fields) => {
                let fields = fields.into_iter();
                let fields = fields.map(|(key, it)| Ok((key, Self::parse(it, allowed)?)));
                Self::Fields(fields.collect::<Result<_, String>>()?)
            }
            plain @ (Value::Null | Value::Bool(_) | Value::Number(_)) => Self::Plain(plain),
        })
    }

    /// Fills the slots.
    pub(super) fn fill(&self, filled: Filled<'_>) -> Value {
        match self {
            Self::Plain(value) => value.clone(),
            Self::Slot(slot) => value_of(*slot, filled).cloned().unwrap_or_default(),
            Self::Text(template) => template.render(|slot| text_of(slot, filled)).into(),
            Self::List(items) => items.iter().map(|item| item.fill(filled)).collect(),
            Self::Fields(fields) => {
                let fields = fields.iter().map(|(key, it)| (key.clone(), it.fill(filled)));
                fields.collect::<Map<_, _>>().into()
            }
        }
    }
}

fn value_of(slot: Slot, filled: Filled<'_>) -> Option<&Value> {
    filled.iter().find(|(it, _)| *it == slot).map(|(_, value)| value)
}

fn text_of(slot: Slot, filled: Filled<'_>) -> String {
    match value_of(slot, filled) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

fn is_word(name: &str) -> bool {
    name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
        && name.starts_with(|it: char| it.is_ascii_alphabetic())
}

fn unknown(name: &str, allowed: &[Slot]) -> String {
    let name = crate::quantity::shortened(name);
    if allowed.is_empty() {
        return format!("nothing can stand for `{{{name}}}` here");
    }
    let right: Vec<_> = allowed.iter().map(|slot| format!("`{{{}}}`", slot.name())).collect();
    let elsewhere = Slot::ALL.iter().any(|slot| slot.name() == name);
    let what = if elsewhere { "is not known yet" } else { "is unknown" };
    format!("`{{{name}}}` {what} here; there is {}", right.join(" and "))
}
