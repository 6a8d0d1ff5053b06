"""Python SDK 2.x against a generated server: list, read, create, in both eras.

    python client_mcp2.py (stdio PROGRAM | http URL) TOOLS
"""

import asyncio
import os
import sys

import mcp
from mcp.client.stdio import StdioServerParameters

from checks import check_create, check_read, check_tools


def server(kind: str, address: str):
    if kind == "http":
        return address
    return StdioServerParameters(command=address, env=dict(os.environ))


async def main(kind: str, address: str, tools: int) -> None:
    for mode in ("auto", "2026-07-28", "legacy"):
        async with mcp.Client(server(kind, address), mode=mode) as client:
            listed = (await client.list_tools()).tools
            check_tools([tool.name for tool in listed], tools)
            read = await client.call_tool("list_customers", {"limit": 5})
            check_read(read.is_error, read.structured_content)
            made = await client.call_tool("create_customer", {"name": f"Interop Python {mode}"})
            check_create(made.is_error, made.structured_content)
            print(f"ok: python mcp 2, {kind}, mode {mode}: {client.protocol_version}, {len(listed)} tools")


asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
