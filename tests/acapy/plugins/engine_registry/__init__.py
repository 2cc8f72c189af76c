"""ACA-Py plugin: AnonCreds in the registry of a sandbox, with no Indy ledger.

    engine sandbox --open-registry --listen 127.0.0.1:8080
    ENGINE_REGISTRY_URL=http://127.0.0.1:8080/registry \\
        aca-py start --plugin engine_registry --no-ledger --wallet-type askar-anoncreds …

For aries_cloudagent 0.12 and acapy_agent 1: issuers, verifiers and holders need it alike; with 0.12
--wallet-type askar will do too, whose issuers need the --seed of a public DID. An unqualified DID of
an issuer gives the ids of an Indy ledger, which are all that 0.12's messages may have in them; a
`did:…` gives ids as AnonCreds methods have them. The registry is also where tails files go:
--tails-server-base-url need not be given.
"""

import hashlib
import logging
import os
import re
import time
from urllib.parse import quote

import aiohttp

try:
    from acapy_agent.anoncreds.base import (
        AnonCredsObjectNotFound,
        AnonCredsRegistrationError,
        AnonCredsResolutionError,
        AnonCredsSchemaAlreadyExists,
        BaseAnonCredsRegistrar,
        BaseAnonCredsResolver,
    )
    from acapy_agent.anoncreds.events import RevListFinishedEvent
    from acapy_agent.anoncreds.models.credential_definition import (
        CredDef,
        CredDefResult,
        CredDefState,
        GetCredDefResult,
    )
    from acapy_agent.anoncreds.models.revocation import (
        GetRevListResult,
        GetRevRegDefResult,
        RevList,
        RevListResult,
        RevListState,
        RevRegDef,
        RevRegDefResult,
        RevRegDefState,
    )
    from acapy_agent.anoncreds.models.schema import (
        AnonCredsSchema,
        GetSchemaResult,
        SchemaResult,
        SchemaState,
    )
    from acapy_agent.anoncreds.models.schema_info import AnonCredsSchemaInfo
    from acapy_agent.anoncreds.registry import AnonCredsRegistry
    from acapy_agent.anoncreds.revocation import AnonCredsRevocation
    from acapy_agent.core.event_bus import EventBus
    from acapy_agent.tails.anoncreds_tails_server import AnonCredsTailsServer

    IS_OLD = False
except ImportError:
    from aries_cloudagent.anoncreds.base import (
        AnonCredsObjectNotFound,
        AnonCredsRegistrationError,
        AnonCredsResolutionError,
        AnonCredsSchemaAlreadyExists,
        BaseAnonCredsRegistrar,
        BaseAnonCredsResolver,
    )
    from aries_cloudagent.anoncreds.events import RevListFinishedEvent
    from aries_cloudagent.anoncreds.models.anoncreds_cred_def import (
        CredDef,
        CredDefResult,
        CredDefState,
        GetCredDefResult,
    )
    from aries_cloudagent.anoncreds.models.anoncreds_revocation import (
        GetRevListResult,
        GetRevRegDefResult,
        RevList,
        RevListResult,
        RevListState,
        RevRegDef,
        RevRegDefResult,
        RevRegDefState,
    )
    from aries_cloudagent.anoncreds.models.anoncreds_schema import (
        AnonCredsSchema,
        GetSchemaResult,
        SchemaResult,
        SchemaState,
    )
    from aries_cloudagent.anoncreds.registry import AnonCredsRegistry
    from aries_cloudagent.anoncreds.revocation import AnonCredsRevocation
    from aries_cloudagent.core.event_bus import EventBus
    from aries_cloudagent.tails.anoncreds_tails_server import AnonCredsTailsServer

    IS_OLD = True

LOGGER = logging.getLogger(__name__)

IDENTIFIERS = re.compile(
    r"^(did:[a-z0-9]+:.+|[1-9A-HJ-NP-Za-km-z]{21,22}(:[234]:.+)?)$", re.DOTALL
)
SCHEMAS = "schemas"
DEFINITIONS = "credential-definitions"
REGISTRIES = "revocation-registries"
LISTS = "status-lists"
TAILS = "tails"


def is_qualified(did):
    return did.startswith("did:")


def number_of(schema_id):
    """What an Indy ledger would count a schema as: the same for everybody who knows its id."""
    digest = hashlib.sha256(schema_id.encode()).digest()
    return 1 + int.from_bytes(digest[:4], "big") % 1_000_000_000


class Registry(BaseAnonCredsResolver, BaseAnonCredsRegistrar):
    """The registry of a sandbox."""

    def __init__(self, url):
        self.url = url.rstrip("/")
        self._http = None
        # Documents never change once they are published.
        self._known = {}

    @property
    def supported_identifiers_regex(self):
        return IDENTIFIERS

    async def setup(self, context):
        pass

    # What is asked over HTTP.

    def location(self, kind, document_id):
        return f"{self.url}/{kind}/{quote(document_id, safe='')}"

    async def ask(self, method, url, **body):
        """The status and the body of an answer, as JSON."""
        if self._http is None or self._http.closed:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20))
        try:
            async with self._http.request(method, url, **body) as answer:
                text = await answer.text()
                json = answer.content_type == "application/json" and text
                return answer.status, (await answer.json()) if json else {"error": text}
        except (aiohttp.ClientError, TimeoutError) as error:
            raise AnonCredsResolutionError(f"{method} {url}: {error}") from error

    async def read(self, kind, document_id, query=""):
        url = self.location(kind, document_id) + query
        status, document = await self.ask("GET", url)
        if status == 404:
            raise AnonCredsObjectNotFound(f"{document_id}: not published", {"url": url})
        if status != 200:
            raise AnonCredsResolutionError(f"GET {url}: {status} {document['error']}")
        return document

    async def read_once(self, kind, document_id):
        key = (kind, document_id)
        if key not in self._known:
            self._known[key] = await self.read(kind, document_id)
        return self._known[key]

    async def publish(self, kind, document_id, document):
        """What is published, or nothing if it is something else."""
        url = self.location(kind, document_id)
        status, published = await self.ask("PUT", url, json=document)
        if status == 409:
            return None
        if status not in (200, 201):
            error = published["error"]
            raise AnonCredsRegistrationError(f"PUT {url}: {status} {error}")
        return published

    async def publish_once(self, kind, document_id, document):
        if await self.publish(kind, document_id, document) is None:
            message = f"{document_id} is published with other content"
            raise AnonCredsRegistrationError(message)

    # Schemas.

    async def get_schema(self, profile, schema_id):
        schema = await self.read_once(SCHEMAS, schema_id)
        return GetSchemaResult(
            schema=AnonCredsSchema.deserialize(schema),
            schema_id=schema_id,
            resolution_metadata={},
            schema_metadata={"seqNo": number_of(schema_id)},
        )

    async def get_schema_info_by_id(self, profile, schema_id):
        schema = (await self.get_schema(profile, schema_id)).schema
        return AnonCredsSchemaInfo(
            issuer_id=schema.issuer_id, name=schema.name, version=schema.version
        )

    async def register_schema(self, profile, schema, options=None):
        issuer, name, version = schema.issuer_id, schema.name, schema.version
        if is_qualified(issuer):
            schema_id = f"{issuer}/anoncreds/v0/SCHEMA/{name}/{version}"
        else:
            schema_id = f"{issuer}:2:{name}:{version}"
        if await self.publish(SCHEMAS, schema_id, schema.serialize()) is None:
            there = AnonCredsSchema.deserialize(await self.read(SCHEMAS, schema_id))
            raise AnonCredsSchemaAlreadyExists("Schema already exists", schema_id, there)
        return SchemaResult(
            job_id=None,
            schema_state=SchemaState(
                state=SchemaState.STATE_FINISHED, schema_id=schema_id, schema=schema
            ),
            registration_metadata={},
            schema_metadata={"seqNo": number_of(schema_id)},
        )

    # Credential definitions.

    async def get_credential_definition(self, profile, credential_definition_id):
        definition = await self.read_once(DEFINITIONS, credential_definition_id)
        return GetCredDefResult(
            credential_definition_id=credential_definition_id,
            credential_definition=CredDef.deserialize(definition),
            resolution_metadata={},
            credential_definition_metadata={},
        )

    async def register_credential_definition(
        self, profile, schema, credential_definition, options=None
    ):
        issuer, tag = credential_definition.issuer_id, credential_definition.tag
        number = number_of(schema.schema_id)
        if is_qualified(issuer):
            definition_id = f"{issuer}/anoncreds/v0/CLAIM_DEF/{number}/{tag}"
        else:
            definition_id = f"{issuer}:3:CL:{number}:{tag}"
        await self.publish_once(
            DEFINITIONS, definition_id, credential_definition.serialize()
        )
        return CredDefResult(
            job_id=None,
            credential_definition_state=CredDefState(
                state=CredDefState.STATE_FINISHED,
                credential_definition_id=definition_id,
                credential_definition=credential_definition,
            ),
            registration_metadata={},
            credential_definition_metadata={},
        )

    # Revocation registries.

    async def get_revocation_registry_definition(self, profile, revocation_registry_id):
        registry = await self.read_once(REGISTRIES, revocation_registry_id)
        return GetRevRegDefResult(
            revocation_registry=RevRegDef.deserialize(registry),
            revocation_registry_id=revocation_registry_id,
            resolution_metadata={},
            revocation_registry_metadata={},
        )

    async def register_revocation_registry_definition(
        self, profile, revocation_registry_definition, options=None
    ):
        registry = revocation_registry_definition
        issuer, definition_id, tag = registry.issuer_id, registry.cred_def_id, registry.tag
        if is_qualified(issuer):
            place = definition_id.replace("/CLAIM_DEF/", "/REV_REG_DEF/", 1)
            registry_id = f"{place}/{tag}"
        else:
            registry_id = f"{issuer}:4:{definition_id}:{registry.type}:{tag}"
        await self.publish_once(REGISTRIES, registry_id, registry.serialize())
        return RevRegDefResult(
            job_id=None,
            revocation_registry_definition_state=RevRegDefState(
                state=RevRegDefState.STATE_FINISHED,
                revocation_registry_definition_id=registry_id,
                revocation_registry_definition=registry,
            ),
            registration_metadata={},
            revocation_registry_definition_metadata={},
        )

    async def upload_tails(self, hash_, path):
        """Whether a tails file is published now, and where, or why not."""
        url = self.location(TAILS, hash_)
        with open(path, "rb") as file:
            status, answer = await self.ask("PUT", url, data=file.read())
        is_there = status in (200, 201)
        return is_there, url if is_there else f"PUT {url}: {status} {answer['error']}"

    # Status lists.

    async def get_revocation_list(
        self, profile, revocation_registry_id, timestamp_from=0, timestamp_to=None
    ):
        # 0.12 says nothing but until when, and says it first.
        until = timestamp_from if IS_OLD else timestamp_to
        status_list = await self.read(
            LISTS, revocation_registry_id, f"?to={int(until or time.time())}"
        )
        return GetRevListResult(
            revocation_list=RevList.deserialize(status_list),
            resolution_metadata={},
            revocation_registry_metadata={},
        )

    async def register_revocation_list(self, profile, rev_reg_def, rev_list, options=None):
        document = rev_list.serialize()
        # The time of a list is when it was published, and no two lists have the same.
        document.pop("timestamp", None)
        published = await self.publish(LISTS, rev_list.rev_reg_def_id, document)
        return RevListResult(
            job_id=None,
            revocation_list_state=RevListState(
                state=RevListState.STATE_FINISHED,
                revocation_list=RevList.deserialize(published),
            ),
            registration_metadata={},
            revocation_list_metadata={},
        )

    async def update_revocation_list(
        self, profile, rev_reg_def, prev_list, curr_list, revoked, options=None
    ):
        result = await self.register_revocation_list(profile, rev_reg_def, curr_list)
        # Holders are notified on this event, which ACA-Py leaves to its registries.
        event = RevListFinishedEvent.with_payload(curr_list.rev_reg_def_id, list(revoked))
        await profile.inject(EventBus).notify(profile, event)
        return result


def send_tails_to(registry):
    """Has tails files put where they are read; 1 lets no plugin bring a tails server."""

    async def upload_tails_file(self, context, filename, tails_file_path, **_):
        return await registry.upload_tails(filename, tails_file_path)

    def generate_public_tails_uri(self, rev_reg_def):
        return registry.location(TAILS, rev_reg_def.value.tails_hash)

    AnonCredsTailsServer.upload_tails_file = upload_tails_file
    AnonCredsRevocation.generate_public_tails_uri = generate_public_tails_uri


async def setup(context):
    """What ACA-Py calls when it starts."""
    url = os.environ.get("ENGINE_REGISTRY_URL")
    if not url:
        raise ValueError(
            "set ENGINE_REGISTRY_URL to where a sandbox publishes, such as "
            "http://127.0.0.1:8080/registry"
        )
    registry = Registry(url)
    registries = context.inject_or(AnonCredsRegistry)
    # There are none for wallets that know but Indy ledgers.
    if registries:
        # ACA-Py refuses an id that two registries know, and none of the others has a ledger.
        registries.resolvers.clear()
        registries.registrars.clear()
        registries.register(registry)
    send_tails_to(registry)
    # Without it no credential can be made revocable.
    context.update_settings({"tails_server_base_url": registry.url})
    if IS_OLD:
        from . import ledger

        ledger.send_tails_to(registry)

        async def bind_ledger(profile, _):
            ledger.bind(profile, registry)

        started = re.compile("^acapy::core::startup$")
        context.inject(EventBus).subscribe(started, bind_ledger)
    LOGGER.info("AnonCreds are published at %s", registry.url)
