"""Real ACA-Py agents for a bench: started by `tests/acapy/acapy`, asked over their admin API.

What they tell by webhook is kept until somebody waits for it.
"""

import json
import os
import subprocess
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

from loads import Failed
from processes import ROOT, cpu_seconds

SCRIPT = ROOT / "tests" / "acapy" / "acapy"
VERSION = "1.7.0"
SECONDS_MAX = 60
ATTRIBUTES = {"name": "Ada", "age": "40", "degree": "maths", "date": "20200101"}
NAMES = ("thread_id", "pres_ex_id", "cred_ex_id", "connection_id", "invitation_msg_id")
OVER = {"done", "abandoned", "active", "completed", "error"}


class Webhooks:
    """What agents say has ended: by agent, and by any name of what it was."""

    def __init__(self):
        self.ended, self.changed = {}, threading.Condition()
        hooks = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                record = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
                if record.get("state") in OVER:
                    hooks.add(self.path.split("/")[1], record)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, agent):
        return f"http://127.0.0.1:{self.server.server_address[1]}/{agent}"

    def add(self, agent, record):
        with self.changed:
            for name in NAMES:
                if record.get(name):
                    self.ended[agent, record[name]] = record
            self.changed.notify_all()

    def wait(self, agent, name, seconds=SECONDS_MAX):
        """The record of that name once it is over; None if it is not within the time."""
        with self.changed:
            self.changed.wait_for(lambda: (agent, name) in self.ended, seconds)
            return self.ended.get((agent, name))


class Agent:
    """One ACA-Py, stopped by its process id."""

    def __init__(self, name, hooks, registry, directory, *extra):
        self.name, self.hooks = name, hooks
        environment = os.environ | {"ENGINE_REGISTRY_URL": registry, "TMPDIR": str(directory)}
        command = [SCRIPT, "start", VERSION, name, "--", "--webhook-url", hooks.url(name), *extra]
        started = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
        if started.returncode != 0:
            raise Failed(f"{name} does not start: {started.stderr.strip()[-200:]}")
        facts = json.loads(started.stdout.strip().splitlines()[-1])
        self.pid, self.admin, self.key = facts["pid"], facts["admin"], facts.get("api_key")

    def stop(self):
        subprocess.run([SCRIPT, "stop", str(self.pid)], timeout=60, capture_output=True)

    def cpu(self):
        return cpu_seconds(self.pid)

    def call(self, method, path, body=None):
        headers = {"Content-Type": "application/json"} | ({"X-API-Key": self.key} if self.key else {})
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.admin + path, content, headers, method=method)
        with urllib.request.urlopen(request, timeout=SECONDS_MAX) as answer:
            text = answer.read()
        return json.loads(text) if text else {}

    def post(self, path, body=None):
        return self.call("POST", path, body or {})

    def ended(self, name):
        return self.hooks.wait(self.name, name)

    def define(self, attributes, size):
        """The id of a new definition of revocable credentials."""
        did = self.post("/wallet/did/create", {"method": "sov", "options": {"key_type": "ed25519"}})["result"]["did"]
        schema = {"issuerId": did, "name": "degree", "version": "1.0", "attrNames": attributes}
        schema = self.post("/anoncreds/schema", {"schema": schema})["schema_state"]["schema_id"]
        definition = {"issuerId": did, "schemaId": schema, "tag": "default"}
        options = {"support_revocation": True, "revocation_registry_size": size, "max_cred_num": size}
        made = self.post("/anoncreds/credential-definition", {"credential_definition": definition, "options": options})
        made = made["credential_definition_state"]["credential_definition_id"]
        for _ in range(300):
            try:
                if self.call("GET", f"/anoncreds/revocation/active-registry/{quote(made, safe='')}"):
                    return made
            except urllib.error.HTTPError:
                pass
            time.sleep(0.2)
        raise Failed(f"{self.name} has no active revocation registry")

    def verified(self):
        """Presentations that are found true so far."""
        found, offset = 0, 0
        while True:
            page = self.call("GET", f"/present-proof-2.0/records?state=done&limit=500&offset={offset}")["results"]
            found += sum(it.get("verified") == "true" for it in page)
            offset += len(page)
            if len(page) < 500:
                return found


def connect(inviter, invitee):
    """Whether a new connection came to be; gives the ids that both know it by."""
    offer = {"handshake_protocols": ["https://didcomm.org/didexchange/1.1"]}
    invited = inviter.post("/out-of-band/create-invitation?auto_accept=true", offer)
    taken = invitee.post("/out-of-band/receive-invitation?auto_accept=true", invited["invitation"])["connection_id"]
    mine, theirs = inviter.ended(invited["invi_msg_id"]), invitee.ended(taken)
    if not mine or not theirs:
        raise Failed("a connection never came to be")
    return mine["connection_id"], taken


def issue(issuer, connection, definition, values):
    attributes = [{"name": name, "value": value} for name, value in values.items()]
    preview = {"@type": "issue-credential/2.0/credential-preview", "attributes": attributes}
    body = {"auto_remove": False, "connection_id": connection, "credential_preview": preview}
    body["filter"] = {"anoncreds": {"cred_def_id": definition}}
    ended = issuer.ended(issuer.post("/issue-credential-2.0/send", body)["cred_ex_id"])
    if not ended or ended["state"] != "done":
        raise Failed("a credential was not issued")


def present(verifier, connection, request):
    """Whether the other side's presentation was found true."""
    body = {"auto_remove": False, "auto_verify": True, "connection_id": connection}
    body["presentation_request"] = {"anoncreds": request}
    ended = verifier.ended(verifier.post("/present-proof-2.0/send-request", body)["pres_ex_id"])
    return bool(ended) and ended.get("verified") == "true"
