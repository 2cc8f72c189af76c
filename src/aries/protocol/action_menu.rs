//! Action menus (RFC 0509): what an agent offers its holder to choose from.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::{
    ProtocolError,
    turn::{due, quoted, wrong},
};
use crate::aries::didcomm::{Kind, Message};

/// A menu.
pub const MENU: Kind = Kind::new("action-menu", 1, 0, "menu");
/// Asks for the menu.
pub const MENU_REQUEST: Kind = Kind::new("action-menu", 1, 0, "menu-request");
/// Chooses from it.
pub const PERFORM: Kind = Kind::new("action-menu", 1, 0, "perform");

/// Most options that a menu is read with.
const OPTIONS_MAX: usize = 1_000;
/// Most options that an error names.
const NAMED_MAX: usize = 10;

/// A menu.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Menu {
    /// What it is about.
    #[serde(default, deserialize_with = "text_or_null")]
    pub title: String,
    /// What a person reads above the options.
    #[serde(default, deserialize_with = "text_or_null")]
    pub description: String,
    /// What can be chosen.
    pub options: Vec<MenuOption>,
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MenuOption {
    /// What it is chosen by.
    pub name: String,
    /// What a person reads.
    #[serde(default, deserialize_with = "text_or_null")]
    pub title: String,
    /// More of it.
    #[serde(default, deserialize_with = "text_or_null")]
    pub description: String,
    /// What is to be filled in, as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Value>,
}

impl Menu {
    /// Reads a menu.
    ///
    /// # Errors
    /// It is another message, or one without options, or with more than a thousand.
    pub fn read(message: &Message) -> Result<Self, ProtocolError> {
        due(message, &MENU, "menu")?;
        let menu: Self = message.read()?;
        if menu.options.len() > OPTIONS_MAX {
            return Err(wrong(message, format!("has more than {OPTIONS_MAX} options")));
        }
        Ok(menu)
    }

    /// The menu as a message.
    ///
    /// # Panics
    /// Never: it is JSON already.
    #[must_use]
    pub fn message(&self) -> Message {
        let options = serde_json::to_value(&self.options).expect("a menu can be written as JSON");
        Message::new(MENU)
            .with("title", &*self.title)
            .with("description", &*self.description)
            .with("options", options)
    }
}

/// Asks for the menu.
#[must_use]
pub fn request() -> Message {
    Message::new(MENU_REQUEST)
}

/// Chooses the option of this name, with what its form asks for.
///
/// # Errors
/// `menu` is none, or has no such option; the error names those it has.
pub fn perform(
    menu: &Message,
    name: &str,
    params: &[(&str, &str)],
) -> Result<Message, ProtocolError> {
    let options = Menu::read(menu)?.options;
    if !options.iter().any(|option| option.name == name) {
        let names: Vec<_> =
            options.iter().take(NAMED_MAX).map(|it| format!("`{}`", quoted(&it.name))).collect();
        let why = format!("has no option `{}`; it has {}", quoted(name), names.join(", "));
        return Err(wrong(menu, why));
    }
    let message = Message::answer(PERFORM, menu).with("name", name);
    if params.is_empty() {
        return Ok(message);
    }
    let params = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).into()));
    Ok(message.with("params", params.collect::<Map<_, _>>()))
}

/// What was chosen from a menu: the option's name.
///
/// # Errors
/// It is another message, or names no option.
pub fn performed(message: &Message) -> Result<String, ProtocolError> {
    due(message, &PERFORM, "perform")?;
    let name = message.text("name").filter(|name| !name.is_empty());
    name.map(str::to_owned).ok_or_else(|| wrong(message, "has no `name` of an option"))
}

/// Agents that have nothing to say send null.
fn text_or_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
