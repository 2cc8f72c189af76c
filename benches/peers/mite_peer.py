"""mite's side: `get` keeps USERS users busy for SECONDS seconds with GET URL; `record` records rows."""

import asyncio
import os

from mite.scenario import StopVolumeModel
from mite_http import mite_http

URL = os.environ.get("URL", "")
USERS = int(os.environ.get("USERS", "50"))
SECONDS = int(os.environ.get("SECONDS", "8"))


@mite_http
async def get_once(ctx):
    async with ctx.transaction("get"):
        await ctx.http.get(URL)


async def record_rows(ctx):
    for number in range(100):
        row = {"trip": 0, "number": number, "text": "a row of some sixty bytes"}
        ctx.send("data_created", name="readings", data=row)
        await asyncio.sleep(0)


def volume(start, _end):
    if start > SECONDS:
        raise StopVolumeModel
    return USERS


def get():
    return [["mite_peer:get_once", None, volume]]


def record():
    return [["mite_peer:record_rows", None, volume]]
