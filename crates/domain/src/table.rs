//! The macros that turn the table of operations into types. Read [`operations`](crate::operations) first.

/// Declares [`OPERATIONS`] and implements [`Input`] for each input.
macro_rules! operations {
    (
        $($(#[doc = $doc:literal])+ $name:literal $title:literal $input:ident -> $reply:ident($type:ty), $kind:ident, $who:ident, $does:path,
            [$($refusal:ident),*];)*
        stream
        $(#[doc = $stream_doc:literal])+ $stream_name:literal $stream_title:literal $stream:ident -> $item:ty, $stream_who:ident,
            [$($stream_refusal:ident),*];
    ) => {
        /// Every operation, in the order of the contracts.
        pub const OPERATIONS: &[&Operation] = &[$($input::ROW,)* $stream::ROW];

        $(impl $input {
            const ROW: &'static Operation = &Operation {
                name: $name,
                title: $title,
                doc: concat!($($doc),+).trim_ascii(),
                input: $input::OBJECT,
                reply: <$type as HasSchema>::SCHEMA,
                reply_name: reply_names::$reply,
                kind: operations!(@kind $kind),
                who: RequiredAccess::$who,
                is_once: operations!(@keyed $kind),
                refusals: &[$(Reason::$refusal),*],
                run: run::<$input>,
                settle: settle::<$input>,
            };
        }

        impl Input for $input {
            type Reply = $type;
            const OPERATION: &'static Operation = $input::ROW;

            async fn run(self, services: &Services, request: &RequestContext, context: Context) -> Result<$type, Error> {
                operations!(@run $kind, services, request, context, self, $does)
            }
        })*

        impl $stream {
            /// The row in the table.
            pub const ROW: &'static Operation = &Operation {
                name: $stream_name,
                title: $stream_title,
                doc: concat!($($stream_doc),+).trim_ascii(),
                input: $stream::OBJECT,
                reply: <$item as HasSchema>::SCHEMA,
                reply_name: "event",
                kind: OperationKind::Stream,
                who: RequiredAccess::$stream_who,
                is_once: false,
                refusals: &[$(Reason::$stream_refusal),*],
                run: not_called,
                settle: settle::<$stream>,
            };
        }
    };
    // The kinds: `query` runs a rule over `Records`, `command` over a `Transaction`; `keyed` is a command that accepts an
    // idempotency key. `reads` and `writes` are async functions of the services, for operations that need no
    // store, or several jobs.
    (@kind query) => { OperationKind::Query };
    (@kind reads) => { OperationKind::Query };
    (@kind command) => { OperationKind::Command };
    (@kind keyed) => { OperationKind::Command };
    (@kind writes) => { OperationKind::Command };
    (@keyed keyed) => { true };
    (@keyed $other:ident) => { false };
    (@run query, $services:ident, $request:ident, $context:ident, $input:ident, $does:path) => {
        $services.query($request, move |records| $does(records, &$context, $input)).await
    };
    (@run command, $services:ident, $request:ident, $context:ident, $input:ident, $does:path) => {
        $services.transact($request, move |changes| $does(changes, &$context, $input)).await
    };
    (@run keyed, $services:ident, $request:ident, $context:ident, $input:ident, $does:path) => {
        $services.transact_once($request, $context, Self::OPERATION.name, $input, $does).await
    };
    (@run $function:ident, $services:ident, $request:ident, $context:ident, $input:ident, $does:path) => {
        $does($services, $request, $context, $input).await
    };
}

/// Declares [`Reply`].
macro_rules! replies {
    ($($name:ident($type:ty) $word:literal;)*) => {
        #[allow(non_upper_case_globals)]
        mod reply_names {
            $(pub const $name: &str = $word;)*
        }

        /// The reply of an operation.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Reply { $(#[doc = concat!("A `", stringify!($type), "`.")] $name($type)),* }

        $(impl From<$type> for Reply {
            fn from(reply: $type) -> Self {
                Reply::$name(reply)
            }
        })*

        impl Reply {
            /// Encodes the reply.
            pub fn write(&self, encoder: &mut impl Encoder) {
                match self { $(Reply::$name(reply) => reply.write(encoder)),* }
            }

            /// The reply as the result of a job, without its variant.
            pub fn into_result(self) -> JobResult {
                match self { $(Reply::$name(reply) => boxed(reply)),* }
            }

            /// The reply as a tree of values.
            pub fn to_value(&self) -> Value {
                let mut encoder = ValueEncoder::default();
                self.write(&mut encoder);
                encoder.finish()
            }
        }
    };
}

pub(crate) use {operations, replies};
