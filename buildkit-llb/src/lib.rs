//! Typed LLB graphs, marshalled to deterministic BuildKit definitions.
