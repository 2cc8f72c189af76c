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
            self.lists = [
                RevocationStatusList.create(
                    self.definition, registry_id, self.registry, self.registry_private,
                    issuer_id, True, 10,
                )
            ]

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

    def present(self, values, index, request, revealed, hidden, predicates, attested):
        """Issues, holds and presents, all on this side."""
        offer, secret = self.offer(), create_link_secret()
        asked, kept = CredentialRequest.create(
            "entropy", None, self.definition, secret, "default", CredentialOffer.load(offer)
        )
        issued = self.issue(offer, json.loads(asked.to_json()), values, index)
        credential = Credential.load(issued).process(kept, secret, self.definition, self.registry)
        tails = json.loads(self.registry.to_json())["value"]["tailsLocation"]
        state = CredentialRevocationState.create(self.registry, self.lists[-1], index, tails)
        timed = {}
        if "non_revoked" in request:
            now = json.loads(self.lists[-1].to_json())["timestamp"]
            timed = {"timestamp": now, "rev_state": state}
        shown = PresentCredentials()
        shown.add_attributes(credential, *revealed, reveal=True, **timed)
        shown.add_attributes(credential, *hidden, reveal=False, **timed)
        shown.add_predicates(credential, *predicates, **timed)
        presentation = Presentation.create(
            request, shown, attested, secret,
            {self.schema_id: self.schema}, {self.definition_id: self.definition},
        )
        return json.loads(presentation.to_json())


issuers = []


def new_issuer(**what):
    issuers.append(Issuer(**what))
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
    done = {"new": new_issuer, "verify": verify}.get(what) or getattr(issuers[of], what)
    print(json.dumps(done(**asked)), flush=True)
