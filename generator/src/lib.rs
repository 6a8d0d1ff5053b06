//! mcpwright
