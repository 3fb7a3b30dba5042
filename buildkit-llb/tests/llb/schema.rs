//! The messages of an op as a table (buildkit `solver/pb/ops.proto` v0.29).

use Kind::{Map, Message, Packed, Text, Varint};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Varint,
    Text,
    Packed,
    Message(&'static str),
    /// From string to string.
    Map,
}

/// A field of a message.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub number: u64,
    pub kind: Kind,
    pub repeated: bool,
    pub oneof: bool,
}

const fn one(number: u64, kind: Kind) -> Field {
    Field {
        number,
        kind,
        repeated: false,
        oneof: false,
    }
}

const fn many(number: u64, kind: Kind) -> Field {
    Field {
        number,
        kind,
        repeated: true,
        oneof: false,
    }
}

const fn choice(number: u64, kind: Kind) -> Field {
    Field {
        number,
        kind,
        repeated: false,
        oneof: true,
    }
}

/// Every message that an op can hold.
pub const MESSAGES: &[(&str, &[Field])] = &[
    (
        "Op",
        &[
            many(1, Message("Input")),
            choice(2, Message("ExecOp")),
            choice(3, Message("SourceOp")),
            choice(4, Message("FileOp")),
            choice(6, Message("MergeOp")),
            choice(7, Message("DiffOp")),
            one(10, Message("Platform")),
            one(11, Message("WorkerConstraints")),
        ],
    ),
    ("Input", &[one(1, Text), one(2, Varint)]),
    (
        "Platform",
        &[
            one(1, Text),
            one(2, Text),
            one(3, Text),
            one(4, Text),
            many(5, Text),
        ],
    ),
    ("WorkerConstraints", &[many(1, Text)]),
    ("SourceOp", &[one(1, Text), many(2, Map)]),
    (
        "ExecOp",
        &[
            one(1, Message("Meta")),
            many(2, Message("Mount")),
            one(3, Varint),
            one(4, Varint),
            many(5, Message("SecretEnv")),
            many(6, Message("CDIDevice")),
        ],
    ),
    (
        "Meta",
        &[
            many(1, Text),
            many(2, Text),
            one(3, Text),
            one(4, Text),
            one(5, Message("ProxyEnv")),
            many(6, Message("HostIP")),
            one(7, Text),
            many(9, Message("Ulimit")),
            one(10, Text),
            one(11, Varint),
            one(12, Packed),
        ],
    ),
    (
        "ProxyEnv",
        &[
            one(1, Text),
            one(2, Text),
            one(3, Text),
            one(4, Text),
            one(5, Text),
        ],
    ),
    ("HostIP", &[one(1, Text), one(2, Text)]),
    ("Ulimit", &[one(1, Text), one(2, Varint), one(3, Varint)]),
    ("SecretEnv", &[one(1, Text), one(2, Text), one(3, Varint)]),
    ("CDIDevice", &[one(1, Text), one(2, Varint)]),
    (
        "Mount",
        &[
            one(1, Varint),
            one(2, Text),
            one(3, Text),
            one(4, Varint),
            one(5, Varint),
            one(6, Varint),
            one(19, Message("TmpfsOpt")),
            one(20, Message("CacheOpt")),
            one(21, Message("SecretOpt")),
            one(22, Message("SSHOpt")),
            one(23, Text),
            one(24, Varint),
        ],
    ),
    ("TmpfsOpt", &[one(1, Varint)]),
    ("CacheOpt", &[one(1, Text), one(2, Varint)]),
    (
        "SecretOpt",
        &[
            one(1, Text),
            one(2, Varint),
            one(3, Varint),
            one(4, Varint),
            one(5, Varint),
        ],
    ),
    (
        "SSHOpt",
        &[
            one(1, Text),
            one(2, Varint),
            one(3, Varint),
            one(4, Varint),
            one(5, Varint),
        ],
    ),
    ("FileOp", &[many(2, Message("FileAction"))]),
    (
        "FileAction",
        &[
            one(1, Varint),
            one(2, Varint),
            one(3, Varint),
            choice(4, Message("FileActionCopy")),
            choice(5, Message("FileActionMkFile")),
            choice(6, Message("FileActionMkDir")),
            choice(7, Message("FileActionRm")),
            choice(8, Message("FileActionSymlink")),
        ],
    ),
    (
        "FileActionCopy",
        &[
            one(1, Text),
            one(2, Text),
            one(3, Message("ChownOpt")),
            one(4, Varint),
            one(5, Varint),
            one(6, Varint),
            one(7, Varint),
            one(8, Varint),
            one(9, Varint),
            one(10, Varint),
            one(11, Varint),
            many(12, Text),
            many(13, Text),
            one(14, Varint),
            one(15, Text),
            many(16, Text),
        ],
    ),
    (
        "FileActionMkFile",
        &[
            one(1, Text),
            one(2, Varint),
            one(3, Text),
            one(4, Message("ChownOpt")),
            one(5, Varint),
        ],
    ),
    (
        "FileActionMkDir",
        &[
            one(1, Text),
            one(2, Varint),
            one(3, Varint),
            one(4, Message("ChownOpt")),
            one(5, Varint),
        ],
    ),
    ("FileActionRm", &[one(1, Text), one(2, Varint), one(3, Varint)]),
    (
        "FileActionSymlink",
        &[
            one(1, Text),
            one(2, Text),
            one(3, Message("ChownOpt")),
            one(4, Varint),
        ],
    ),
    (
        "ChownOpt",
        &[one(1, Message("UserOpt")), one(2, Message("UserOpt"))],
    ),
    (
        "UserOpt",
        &[choice(1, Message("NamedUserOpt")), choice(2, Varint)],
    ),
    ("NamedUserOpt", &[one(1, Text), one(2, Varint)]),
    ("MergeOp", &[many(1, Message("MergeInput"))]),
    ("MergeInput", &[one(1, Varint)]),
    (
        "DiffOp",
        &[one(1, Message("DiffInput")), one(2, Message("DiffInput"))],
    ),
    ("DiffInput", &[one(1, Varint)]),
];
