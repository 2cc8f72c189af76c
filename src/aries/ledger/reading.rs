//! Reading what has been published, once for all who need it.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::sync::Semaphore;

use super::{
    Asked, Document, LedgerError, Settings,
    known::{Known, Slot},
    lists::{Listed, Lists, Moment, SETTLING_SECONDS},
    plain::{PublishedRegistry, PublishedSchema, check, is_number},
    source::Source,
};
use crate::aries::{
    anoncreds::{
        self, CredentialDefinition, Definition, Interval, Registry, RevocationRegistryDefinition,
        RevocationStatusList,
    },
    compute::{Compute, Urgency},
    transport::Http,
};

/// Places of all registries whose tails are kept; each takes some 600 bytes of memory.
const PLACES_MAX: u32 = 2_000_000;

/// Tells the seconds since the Unix epoch.
pub(super) type Clock = Box<dyn Fn() -> u64 + Send + Sync>;

/// Where published documents are read, and those that have been.
pub struct Ledger {
    source: Source,
    compute: Arc<Compute>,
    refresh: Duration,
    clock: Clock,
    schemas: Known<Arc<PublishedSchema>>,
    definitions: Known<Definition>,
    registries: Known<Arc<KnownRegistry>>,
    places: Semaphore,
}

/// A registry, and what has been read of it.
struct KnownRegistry {
    published: Arc<PublishedRegistry>,
    tails: Slot<Registry>,
    lists: Lists,
}

impl Ledger {
    /// A ledger of which nothing has been read.
    #[must_use]
    pub fn new(settings: Settings, compute: Arc<Compute>) -> Self {
        let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Self::with_clock(settings, compute, Box::new(now))
    }

    /// The same, by a clock of the caller's.
    pub(super) fn with_clock(settings: Settings, compute: Arc<Compute>, clock: Clock) -> Self {
        let name = settings.identity().into_owned();
        Self {
            source: Source::new(settings.place, &name, Arc::clone(&compute)),
            compute,
            refresh: settings.refresh,
            clock,
            schemas: Known::default(),
            definitions: Known::default(),
            registries: Known::default(),
            places: Semaphore::new(PLACES_MAX as usize),
        }
    }

    /// A credential definition with its schema, whose id the offer or the credential says.
    ///
    /// # Errors
    /// It is not published, not reached, or none.
    pub async fn definition(
        &self,
        http: &dyn Http,
        id: &str,
        schema_id: &str,
    ) -> Result<Definition, LedgerError> {
        // Where the definition does not name its schema, nobody's wrong word may become another's.
        let key = format!("{id}\n{schema_id}");
        let asked = self.source.question(Document::Definition, id)?;
        self.source.question(Document::Schema, schema_id)?;
        let find = || async {
            let mut definition = self.source.definition(http, id).await?;
            let schema = self.schema(http, schema_id).await?;
            check_schema(&definition, schema_id, schema.number)
                .map_err(|reason| LedgerError::Unsound { asked: asked.clone(), reason })?;
            schema_id.clone_into(&mut definition.schema_id);
            let id = id.to_owned();
            let parse = move || Definition::new(&id, &definition, schema.schema.clone());
            let parsed = self.compute.run(Urgency::Awaited, parse).await.value;
            parsed.map_err(unusable(&asked))
        };
        self.definitions.get(&key, &asked, find).await
    }

    /// A revocation registry's definition.
    ///
    /// # Errors
    /// It is not published, not reached, or none.
    pub async fn registry_definition(
        &self,
        http: &dyn Http,
        id: &str,
    ) -> Result<Arc<RevocationRegistryDefinition>, LedgerError> {
        let known = self.known(http, id).await?;
        Ok(Arc::clone(&known.published.definition))
    }

    /// A revocation registry with its tails.
    ///
    /// # Errors
    /// It is not published, not reached, or its tails are not those that it names.
    pub async fn registry(&self, http: &dyn Http, id: &str) -> Result<Registry, LedgerError> {
        let known = self.known(http, id).await?;
        let find = || async {
            let asked = self.source.question(Document::Tails, id)?;
            let definition = Arc::clone(&known.published.definition);
            let places = self.places.try_acquire_many(definition.value.max_cred_num);
            let full = |_| {
                let (asked, max) = (asked.clone(), PLACES_MAX as usize);
                LedgerError::Full { asked, max, what: "places of registries" }
            };
            let places = places.map_err(full)?;
            let tails = self.source.tails(http, id, &definition).await?;
            let id = id.to_owned();
            let parse = move || Registry::new(&id, &definition, &tails);
            let parsed = self.compute.run(Urgency::Awaited, parse).await.value;
            let registry = parsed.map_err(unusable(&asked))?;
            places.forget();
            Ok(registry)
        };
        known.tails.get(find).await
    }

    /// The revocation status list to prove with for an interval: the newest of it, as far as it is
    /// known; asked for again once the one that is known is older than the settings allow.
    ///
    /// # Errors
    /// None is published, or it is not reached.
    pub async fn list(
        &self,
        http: &dyn Http,
        registry: &str,
        interval: Interval,
    ) -> Result<Arc<RevocationStatusList>, LedgerError> {
        let known = self.known(http, registry).await?;
        let (lists, to) = (&known.lists, interval.to);
        let asked = lists.now();
        let ask = || async {
            let Some(to) = to else {
                return Ok(self.newest(http, registry, &known, asked).await?.list);
            };
            if to.saturating_add(SETTLING_SECONDS) >= (self.clock)() {
                let newest = self.newest(http, registry, &known, asked).await?;
                if newest.timestamp <= to {
                    return Ok(newest.list);
                }
            }
            let begun = lists.now();
            let list = self.source.list(http, registry, &known.published, Some(to)).await?;
            Ok(lists.keep_past(list, begun, to).list)
        };
        lists.turn.take(|| lists.settle(to, asked, self.refresh), ask).await
    }

    /// Notes that a credential of the registry has been revoked: no list that was read before now is
    /// proved with again.
    pub fn has_revoked(&self, registry: &str) {
        if let Some(known) = self.registries.peek(registry) {
            known.lists.has_revoked();
        }
    }

    /// The newest list of all, for who asked at a moment.
    async fn newest(
        &self,
        http: &dyn Http,
        id: &str,
        known: &KnownRegistry,
        asked: Moment,
    ) -> Result<Listed, LedgerError> {
        if let Some(newest) = known.lists.newest(asked, self.refresh) {
            return Ok(newest);
        }
        let (begun, now) = (known.lists.now(), (self.clock)());
        let list = self.source.list(http, id, &known.published, None).await?;
        Ok(known.lists.keep_newest(list, begun, now))
    }

    async fn schema(&self, http: &dyn Http, id: &str) -> Result<Arc<PublishedSchema>, LedgerError> {
        let asked = self.source.question(Document::Schema, id)?;
        let find = || async { Ok(Arc::new(self.source.schema(http, id).await?)) };
        self.schemas.get(id, &asked, find).await
    }

    async fn known(&self, http: &dyn Http, id: &str) -> Result<Arc<KnownRegistry>, LedgerError> {
        let asked = self.source.question(Document::Registry, id)?;
        let find = || async {
            let published = Arc::new(self.source.registry(http, id).await?);
            let (tails, lists) = (Slot::default(), Lists::default());
            Ok(Arc::new(KnownRegistry { published, tails, lists }))
        };
        self.registries.get(id, &asked, find).await
    }
}

/// Whether a definition is of the schema that it is said to be of, as far as it tells.
fn check_schema(
    definition: &CredentialDefinition,
    schema_id: &str,
    number: Option<u64>,
) -> Result<(), String> {
    let named = &definition.schema_id;
    match number {
        Some(number) if is_number(named) => check("schema", named, &number.to_string()),
        None if is_number(named) => Ok(()),
        Some(_) | None => check("schema", named, schema_id),
    }
}

/// What the mathematics says of a document.
fn unusable(asked: &Asked) -> impl FnOnce(anoncreds::Error) -> LedgerError {
    let asked = asked.clone();
    move |error| LedgerError::Unusable { asked, source: Arc::new(error) }
}
