"""Issues and verifies with anoncreds-rs: a line of JSON for each line of JSON."""

import json
import pathlib
import sys
import tempfile

from anoncreds import (
    AnoncredsError,
    Credential,
    CredentialDefinition,
    CredentialDefinitionPrivate,
    CredentialOffer,
    CredentialRequest,
    CredentialRevocationConfig,
    CredentialRevocationState,
    KeyCorrectnessProof,
    PresentCredentials,
    Presentation,
    RevocationRegistryDefinition,
    RevocationRegistryDefinitionPrivate,
    RevocationStatusList,
    Schema,
    create_link_secret,
)

SIZE = 10
# Made once by CredentialDefinition.create, which may take half a minute; worth nothing elsewhere.
KEYS = json.loads(pathlib.Path(__file__).with_name("anoncreds_keys.json").read_text())


class Issuer:
    def __init__(self, issuer_id, schema_id, definition_id, registry_id, attributes):
        self.schema_id, self.definition_id, self.registry_id = schema_id, definition_id, registry_id
        self.issuer_id, self.secret, self.registry = issuer_id, create_link_secret(), None
        self.schema = Schema.create("person", "1.0", issuer_id, attributes)
        keys = KEYS[issuer_id]
        self.definition = CredentialDefinition.load(keys["definition"])
        self.private = CredentialDefinitionPrivate.load(keys["private"])
        self.key_proof = KeyCorrectnessProof.load(keys["key_proof"])
        self.registries, self.lists = {}, []
        if registry_id:
            self.registry, self.registry_private = RevocationRegistryDefinition.create(
                definition_id, self.definition, issuer_id, "1", "CL_ACCUM", SIZE,
                tails_dir_path=tempfile.mkdtemp(),
            )
            self.registries = {registry_id: self.registry}
            self.lists = [self.first_list(10)]

    def first_list(self, timestamp):
        return RevocationStatusList.create(
            self.definition, self.registry_id, self.registry, self.registry_private,
            self.issuer_id, True, timestamp,
        )

    def published(self):
        published = {"schema": self.schema, "definition": self.definition}
        if self.registry_id:
            published |= {"registry": self.registry, "list": self.lists[-1]}
        return {name: json.loads(it.to_json()) for name, it in published.items()}

    def offer(self):
        offer = CredentialOffer.create(self.schema_id, self.definition_id, self.key_proof)
        return json.loads(offer.to_json())

    def issue(self, offer, request, values, index):
        revocation = index and CredentialRevocationConfig(
            self.registry, self.registry_private, self.lists[-1], index
        )
        credential = Credential.create(
            self.definition, self.private, offer, request, values, None, revocation or None
        )
        return json.loads(credential.to_json())

    def update(self, issued, revoked, timestamp):
        self.lists.append(
            self.lists[-1].update(
                self.definition, self.registry, self.registry_private, issued, revoked, timestamp
            )
        )
        return json.loads(self.lists[-1].to_json())

    def request(self, offer):
        """Asks as a holder; of an issuer with a DID of Indy's form by that, as ACA-Py does."""
        own = self.issuer_id if ":" not in self.issuer_id else None
        asked, self.kept = CredentialRequest.create(
            None if own else "entropy", own, self.definition, self.secret, "default",
            CredentialOffer.load(offer),
        )
        return json.loads(asked.to_json())

    def receive(self, credential):
        self.held = Credential.load(credential).process(
            self.kept, self.secret, self.definition, self.registry
        )
        return self.held.rev_reg_index

    def show(self, request, revealed, hidden, predicates, attested):
        timed = {}
        if "non_revoked" in request:
            location = json.loads(self.registry.to_json())["value"]["tailsLocation"]
            state = CredentialRevocationState.create(
                self.registry, self.lists[-1], self.held.rev_reg_index, location
            )
            now = json.loads(self.lists[-1].to_json())["timestamp"]
            timed = {"timestamp": now, "rev_state": state}
        shown = PresentCredentials()
        shown.add_attributes(self.held, *revealed, reveal=True, **timed)
        shown.add_attributes(self.held, *hidden, reveal=False, **timed)
        shown.add_predicates(self.held, *predicates, **timed)
        presentation = Presentation.create(
            request, shown, attested, self.secret,
            {self.schema_id: self.schema}, {self.definition_id: self.definition},
        )
        return json.loads(presentation.to_json())

    def present(self, values, index, **what):
        """Issues, holds and presents, all on this side."""
        offer = self.offer()
        self.receive(self.issue(offer, self.request(offer), values, index))
        return self.show(**what)


class Loaded(Issuer):
    """An issuer that is not ours, by what it publishes and its registry's secret."""

    def __init__(self, schema, definition_id, definition, registry_id, registry, registry_secret):
        self.schema_id, self.definition_id = definition["schemaId"], definition_id
        self.issuer_id, self.registry_id = definition["issuerId"], registry_id
        self.schema, self.secret = Schema.load(schema), create_link_secret()
        self.definition = CredentialDefinition.load(definition)
        self.registry = RevocationRegistryDefinition.load(registry)
        self.registry_private = RevocationRegistryDefinitionPrivate.load(
            {"value": registry_secret}
        )
        self.registries = {registry_id: self.registry}
        self.lists = [self.first_list(10)]

    def publish(self, newest):
        self.lists.append(RevocationStatusList.load(newest))


issuers = []


def new_issuer(**what):
    issuers.append(Issuer(**what))
    return issuers[-1].published()


def load_issuer(**what):
    issuers.append(Loaded(**what))
    return issuers[-1].published()


def verify(presentation, request):
    try:
        return Presentation.load(presentation).verify(
            request,
            {it.schema_id: it.schema for it in issuers},
            {it.definition_id: it.definition for it in issuers},
            {name: one for it in issuers for name, one in it.registries.items()},
            [one for it in issuers for one in it.lists],
        )
    except AnoncredsError as error:
        return str(error)


for line in sys.stdin:
    asked = json.loads(line)
    what, of = asked.pop("do"), asked.pop("issuer", None)
    known = {"new": new_issuer, "load": load_issuer, "verify": verify}
    done = known.get(what) or getattr(issuers[of], what)
    print(json.dumps(done(**asked)), flush=True)
