//! Everything of Muster that speaks HTTP or HTML. With `ssr`: pages, server functions, REST, sessions.
//! With `hydrate`: the islands alone, compiled to wasm.

pub mod ui;
