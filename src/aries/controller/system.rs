//! A system that can be asked, whichever it is.

use super::{
    acapy::Invitations,
    answer::Answered,
    custom::Custom,
    error::{Asked, ControllerError},
    gate::{Gate, Question, read},
    token::Tokens,
};
use crate::aries::transport::{Answer, Http};

/// A system and the way to it.
pub(super) struct System {
    pub(super) gate: Gate,
    pub(super) tongue: Tongue,
}

/// What a system understands.
pub(super) enum Tongue {
    /// ACA-Py's admin API; as a tenant of Traction, with a token.
    Acapy { invitations: Invitations, tokens: Option<Box<Tokens>> },
    /// What the scenario says.
    Custom(Custom),
}

impl System {
    /// Asks; a token that has run out is renewed, and the question asked once more.
    pub(super) async fn ask(
        &self,
        http: &dyn Http,
        question: Question,
    ) -> Result<(Asked, Answer), ControllerError> {
        let Tongue::Acapy { tokens: Some(tokens), .. } = &self.tongue else {
            return self.gate.ask(http, &question).await;
        };
        let token = tokens.token(http, &self.gate, None).await?;
        let signed =
            |token: &str| question.clone().with("Authorization", format!("Bearer {token}"));
        match self.gate.ask(http, &signed(&token)).await {
            Err(refusal) if refusal.is_unauthorized() => {
                let token = tokens.token(http, &self.gate, Some(&token)).await?;
                self.gate.ask(http, &signed(&token)).await
            }
            answered => answered,
        }
    }

    /// Asks for JSON.
    pub(super) async fn ask_json(
        &self,
        http: &dyn Http,
        question: Question,
    ) -> Result<Answered, ControllerError> {
        let (asked, answer) = self.ask(http, question).await?;
        read(asked, &answer)
    }
}
