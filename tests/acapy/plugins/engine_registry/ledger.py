"""What ACA-Py 0.12 takes for an Indy ledger: the same registry, in the words of indy-node.

With --wallet-type askar all of it is used, with askar-anoncreds what is read before a credential is
offered. Whatever is about DIDs on a ledger is not there.
"""

import json
import os

from aries_cloudagent.indy.credx.verifier import IndyCredxVerifier
from aries_cloudagent.indy.verifier import IndyVerifier
from aries_cloudagent.ledger.base import BaseLedger
from aries_cloudagent.ledger.multiple_ledger.ledger_requests_executor import (
    IndyLedgerRequestsExecutor,
)
from aries_cloudagent.revocation.models.issuer_rev_reg_record import IssuerRevRegRecord
from aries_cloudagent.tails.indy_tails_server import IndyTailsServer
from aries_cloudagent.wallet.base import BaseWallet

from . import DEFINITIONS, LISTS, REGISTRIES, SCHEMAS, TAILS, AnonCredsObjectNotFound, number_of


class Ledger(BaseLedger):
    """Documents that are published in a registry, as indy-node has them."""

    BACKEND_NAME = "engine"
    pool_name = "engine"
    read_only = False

    def __init__(self, registry, profile):
        self.registry, self.profile = registry, profile

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        pass

    async def is_ledger_read_only(self):
        return False

    async def get_wallet_public_did(self):
        async with self.profile.session() as session:
            return await session.inject(BaseWallet).get_public_did()

    # Schemas and credential definitions.

    async def get_schema(self, schema_id):
        schema = await self.registry.read_once(SCHEMAS, schema_id)
        names = {name: schema[name] for name in ("name", "version", "attrNames")}
        return {"ver": "1.0", "id": schema_id, "seqNo": number_of(schema_id), **names}

    async def fetch_schema_by_id(self, schema_id):
        return await found(self.get_schema(schema_id))

    async def credential_definition_id2schema_id(self, cred_def_id):
        return (await self.registry.read_once(DEFINITIONS, cred_def_id))["schemaId"]

    async def get_credential_definition(self, credential_definition_id):
        definition = await self.registry.read_once(DEFINITIONS, credential_definition_id)
        named = {name: definition[name] for name in ("type", "tag", "value")}
        number = str(number_of(definition["schemaId"]))
        return {"ver": "1.0", "id": credential_definition_id, "schemaId": number, **named}

    async def fetch_credential_definition(self, credential_definition_id):
        return await found(self.get_credential_definition(credential_definition_id))

    async def _create_schema_request(self, public_info, schema_json, **_):
        return SCHEMAS, public_info.did, json.loads(schema_json)

    async def create_and_send_credential_definition(self, issuer, schema_id, *args, **more):
        # What comes of it says but the schema's number.
        self.schema_id = schema_id
        return await super().create_and_send_credential_definition(
            issuer, schema_id, *args, **more
        )

    async def _create_credential_definition_request(self, public_info, definition_json, **_):
        definition = json.loads(definition_json)
        return DEFINITIONS, public_info.did, {**definition, "schemaId": self.schema_id}

    async def txn_submit(self, request, *_, **__):
        kind, issuer, document = request
        document_id = document["id"]
        await self.registry.publish_once(kind, document_id, {**document, "issuerId": issuer})
        return json.dumps({"result": {"txnMetadata": {"seqNo": number_of(document_id)}}})

    # Revocation.

    async def send_revoc_reg_def(self, revoc_reg_def, issuer_did=None, **_):
        document = {**revoc_reg_def, "issuerId": issuer_did}
        await self.registry.publish_once(REGISTRIES, revoc_reg_def["id"], document)
        return {"result": {}}

    async def get_revoc_reg_def(self, revoc_reg_id):
        registry = await self.registry.read_once(REGISTRIES, revoc_reg_id)
        value = {"issuanceType": "ISSUANCE_BY_DEFAULT", **registry["value"]}
        return {**registry, "ver": "1.0", "id": revoc_reg_id, "value": value, "txnTime": 1}

    async def send_revoc_reg_entry(
        self, revoc_reg_id, revoc_def_type, revoc_reg_entry, issuer_did=None, **_
    ):
        registry = await self.registry.read_once(REGISTRIES, revoc_reg_id)
        newest = await found(self.registry.read(LISTS, revoc_reg_id))
        revoked = newest and newest["revocationList"] or [0] * registry["value"]["maxCredNum"]
        for index in revoc_reg_entry["value"].get("revoked") or []:
            revoked[index] = 1
        status_list = {
            "issuerId": registry["issuerId"],
            "revRegDefId": revoc_reg_id,
            "revocationList": revoked,
            "currentAccumulator": revoc_reg_entry["value"]["accum"],
        }
        await self.registry.publish(LISTS, revoc_reg_id, status_list)
        return {"result": {"txn": {"data": revoc_reg_entry}}}

    async def get_revoc_reg_entry(self, revoc_reg_id, timestamp):
        status_list = await self.registry.read(LISTS, revoc_reg_id, f"?to={timestamp}")
        entry = {"ver": "1.0", "value": {"accum": status_list["currentAccumulator"]}}
        return entry, status_list["timestamp"]

    async def get_revoc_reg_delta(self, revoc_reg_id, timestamp_from=0, timestamp_to=None):
        until = f"?to={timestamp_to}" if timestamp_to else ""
        status_list = await self.registry.read(LISTS, revoc_reg_id, until)
        revoked = [index for index, bit in enumerate(status_list["revocationList"]) if bit]
        accumulator = status_list["currentAccumulator"]
        value = {"accum": accumulator, "issued": [], "revoked": revoked}
        return {"ver": "1.0", "value": value}, status_list["timestamp"]


# Nobody asks the rest of it, which is about DIDs.
Ledger.__abstractmethods__ = frozenset()


async def found(reading):
    """What is read, or nothing if it is not there."""
    try:
        return await reading
    except AnonCredsObjectNotFound:
        return None


def bind(profile, registry):
    """Has a profile take a registry for its ledger."""
    ledger = Ledger(registry, profile)

    class Executor(IndyLedgerRequestsExecutor):
        def __init__(self):
            pass

        async def get_ledger_for_identifier(self, identifier, txn_record_type):
            return "engine", ledger

    bound = {BaseLedger: ledger, IndyLedgerRequestsExecutor: Executor()}
    if profile.BACKEND_NAME == "askar":
        # ACA-Py gives those who have no pool of nodes none.
        bound[IndyVerifier] = IndyCredxVerifier(profile)
    for base, instance in bound.items():
        profile.context.injector.bind_instance(base, instance)


def send_tails_to(registry):
    """Has tails files of Indy wallets put, and found, by their hash."""
    set_uri = IssuerRevRegRecord.set_tails_file_public_uri

    async def set_tails_file_public_uri(self, profile, _):
        await set_uri(self, profile, registry.location(TAILS, self.tails_hash))

    async def upload_tails_file(self, context, filename, tails_file_path, **_):
        return await registry.upload_tails(os.path.basename(tails_file_path), tails_file_path)

    IssuerRevRegRecord.set_tails_file_public_uri = set_tails_file_public_uri
    IndyTailsServer.upload_tails_file = upload_tails_file
