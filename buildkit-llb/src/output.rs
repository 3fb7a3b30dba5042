use std::fmt;
use std::sync::Arc;

use crate::digest::Digest;
use crate::error::{Error, Fault};
use crate::import;
use crate::meta::Meta;
use crate::pb;
use crate::vertex::{self, Draft, Vertex};

/// One output of a vertex: a file system that a later vertex can build on. It is a handle, cheap to clone.
///
/// An output of an invalid vertex carries the error, and so does everything built on it; [`Definition::new`]
/// reports it.
///
/// [`Definition::new`]: crate::Definition::new
#[derive(Clone)]
pub struct Output(Result<Edge, Arc<Error>>);

/// An output of a valid vertex.
#[derive(Clone)]
pub(crate) struct Edge {
    /// The vertex.
    pub(crate) vertex: Arc<Vertex>,
    /// Which of its outputs.
    pub(crate) index: i64,
}

impl Output {
    /// Takes in a definition that was made elsewhere: the frontend's own image, a named context, the result of another
    /// solve. Its ops keep their bytes, metadata and source locations. An empty definition is scratch: `None`.
    ///
    /// # Errors
    /// [`Problem::Foreign`](crate::Problem::Foreign) if the definition is broken.
    pub fn import(definition: &pb::Definition) -> Result<Option<Self>, Error> {
        import::import(definition)
    }

    /// The digest of the vertex, the name that a warning or a progress display knows it by.
    ///
    /// # Errors
    /// The error of the vertex or of one that it needs.
    pub fn digest(&self) -> Result<&Digest, Error> {
        self.edge()
            .map(|edge| &edge.vertex.digest)
            .map_err(|error| Error::clone(error))
    }

    /// The first output of the vertex that a draft makes.
    pub(crate) fn of(draft: Result<Draft, Fault>, meta: Meta) -> Self {
        Self::at(&vertex::seal(draft, meta), 0)
    }

    /// The output with this index.
    pub(crate) fn at(vertex: &Result<Arc<Vertex>, Arc<Error>>, index: i64) -> Self {
        Self(vertex.clone().map(|vertex| Edge { vertex, index }))
    }

    /// The edge, or the error of the vertex.
    pub(crate) fn edge(&self) -> Result<&Edge, &Arc<Error>> {
        self.0.as_ref()
    }
}

impl Edge {
    /// The edge as an op refers to it.
    pub(crate) fn to_pb(&self) -> pb::Input {
        pb::Input {
            digest: self.vertex.digest.to_string(),
            index: self.index,
        }
    }
}

impl From<Edge> for Output {
    fn from(edge: Edge) -> Self {
        Self(Ok(edge))
    }
}

/// The vertex by its digest; its inputs are left out, the graph may be large.
impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(edge) => write!(f, "Output({}, {})", edge.vertex.digest, edge.index),
            Err(error) => write!(f, "Output({error})"),
        }
    }
}
