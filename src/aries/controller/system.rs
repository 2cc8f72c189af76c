//! A system that can be asked, whichever it is.

use super::{
    acapy::{Exchanges, Invitations},
    answer::Answered,
    custom::Custom,
    error::{Asked, ControllerError},
    gate::{Gate, Question, read},
    publication::Publication,
    shared::Shared,
    token::Tokens,
};
use crate::aries::transport::{Answer, Http};

/// A system and the way to it.
pub(super) struct System {
    pub(super) gate: Gate,
    pub(super) tongue: Tongue,
    /// The credential definition that the scenario says.
    pub(super) cred_def_id: Option<String>,
    /// The only one that the system has, once it was asked for.
    pub(super) definition: Shared<String>,
    pub(super) publication: Publication,
}

/// What a system understands.
pub(super) enum Tongue {
    /// ACA-Py's admin API; as a tenant of Traction, with a token.
    Acapy { invitations: Invitations, exchanges: Exchanges, tokens: Option<Box<Tokens>> },
    /// What the scenario says.
    Custom(Custom),
}

impl System {
    /// Asks; a refusal tells which setting is wrong, if one is.
    ///
    /// Boxed, as is all that is short in a trip's long life.
    pub(super) async fn ask(
        &self,
        http: &dyn Http,
        question: Question,
    ) -> Result<(Asked, Answer), ControllerError> {
        match &self.tongue {
            Tongue::Acapy { tokens: None, exchanges, .. } => {
                let asked = Box::pin(self.gate.ask(http, &question)).await;
                asked.map_err(|refusal| exchanges.advise(refusal))
            }
            Tongue::Acapy { tokens: Some(tokens), exchanges, .. } => {
                let asked = Box::pin(self.ask_as_tenant(http, tokens, question)).await;
                asked.map_err(|refusal| exchanges.advise(refusal))
            }
            Tongue::Custom(_) => Box::pin(self.gate.ask(http, &question)).await,
        }
    }

    /// Asks with a token; one that has run out is renewed, and the question asked once more.
    async fn ask_as_tenant(
        &self,
        http: &dyn Http,
        tokens: &Tokens,
        question: Question,
    ) -> Result<(Asked, Answer), ControllerError> {
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
