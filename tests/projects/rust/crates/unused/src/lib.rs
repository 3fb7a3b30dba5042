//! Nothing that `hello` needs.
