"""Python SDK 1.x, as hosts that are installed today have it, against a generated server.

    python client_mcp1.py (stdio PROGRAM | http URL) TOOLS
"""

import asyncio
import os
import sys
from contextlib import asynccontextmanager

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamablehttp_client

from checks import check_create, check_read, check_tools


@asynccontextmanager
async def streams(kind: str, address: str):
    if kind == "http":
        async with streamablehttp_client(address) as (reader, writer, _):
            yield reader, writer
    else:
        parameters = StdioServerParameters(command=address, env=dict(os.environ))
        async with stdio_client(parameters) as (reader, writer):
            yield reader, writer


async def main(kind: str, address: str, tools: int) -> None:
    async with streams(kind, address) as (reader, writer), ClientSession(reader, writer) as session:
        opened = await session.initialize()
        listed = (await session.list_tools()).tools
        check_tools([tool.name for tool in listed], tools)
        read = await session.call_tool("list_customers", {"limit": 5})
        check_read(read.isError, read.structuredContent)
        made = await session.call_tool("create_customer", {"name": "Interop Python 1"})
        check_create(made.isError, made.structuredContent)
        print(f"ok: python mcp 1, {kind}: {opened.protocolVersion}, {len(listed)} tools")


asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
