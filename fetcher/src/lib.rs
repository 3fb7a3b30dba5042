//! What a model is made of: files with sizes and digests, how a hub names them, and how they are downloaded.
