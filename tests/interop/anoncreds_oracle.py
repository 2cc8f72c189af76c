"""Issues and verifies with anoncreds-rs: a line of JSON for each line of JSON."""

import json
import sys
import tempfile

from anoncreds import (
    AnoncredsError,
    Credential,
    CredentialDefinition,
    CredentialOffer,
    CredentialRevocationConfig,
    Presentation,
    RevocationRegistryDefinition,
    RevocationStatusList,
    Schema,
)

SIZE = 10


class Issuer:
    def __init__(self, issuer_id, schema_id, definition_id, registry_id, attributes):
        self.schema_id, self.definition_id, self.registry_id = schema_id, definition_id, registry_id
        self.schema = Schema.create("person", "1.0", issuer_id, attributes)
        self.definition, self.private, self.key_proof = CredentialDefinition.create(
            schema_id, self.schema, issuer_id, "default", "CL", support_revocation=bool(registry_id)
        )
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
