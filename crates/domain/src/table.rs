//! How does a table of operations become types? These two macros; read [`operations`](crate::operations) first.

/// Makes [`OPERATIONS`], [`Call`] and the [`Input`]s of the table.
macro_rules! operations {
    (
        $($(#[doc = $doc:literal])+ $name:literal $title:literal $input:ident -> $reply:ident($type:ty), $kind:ident, $who:ident, $does:path,
            [$($refusal:ident),*];)*
        stream
        $(#[doc = $stream_doc:literal])+ $stream_name:literal $stream_title:literal $stream:ident -> $item:ty, $stream_who:ident,
            [$($stream_refusal:ident),*];
    ) => {
        /// Every operation, in the order of the dictionary.
        pub const OPERATIONS: &[&Operation] = &[$($input::ROW,)* $stream::ROW];

        $(impl $input {
            const ROW: &'static Operation = &Operation {
                name: $name,
                title: $title,
                doc: concat!($($doc),+).trim_ascii(),
                input: $input::RECORD,
                reply: <$type as Shaped>::SHAPE,
                reply_name: reply_names::$reply,
                kind: operations!(@kind $kind),
                who: Who::$who,
                is_once: operations!(@once $kind),
                refusals: &[$(Reason::$refusal),*],
            };
        }

        impl Input for $input {
            type Reply = $type;
            const OPERATION: &'static Operation = $input::ROW;

            async fn run(self, shop: &Shop, meta: &Meta, context: Context) -> Result<$type, Error> {
                operations!(@run $kind, shop, meta, context, self, $does, $reply)
            }
        })*

        impl $stream {
            /// Its row in the table.
            pub const ROW: &'static Operation = &Operation {
                name: $stream_name,
                title: $stream_title,
                doc: concat!($($stream_doc),+).trim_ascii(),
                input: $stream::RECORD,
                reply: <$item as Shaped>::SHAPE,
                reply_name: "event",
                kind: OperationKind::Stream,
                who: Who::$stream_who,
                is_once: false,
                refusals: &[$(Reason::$stream_refusal),*],
            };
        }

        /// A call whose operation was learned from the wire: the run-time face of the door. Streams are not among them:
        /// [`Shop::watch`] is their way in.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Call { $(#[doc = concat!("`", $name, "`")] $input($input)),* }

        impl Call {
            /// The call of that name with that input, or what is wrong with it.
            pub fn parse(name: &str, input: Value) -> Result<Call, Error> {
                match name {
                    $($name => parse(input).map(Call::$input),)*
                    other => Err(Error::unknown_operation(other)),
                }
            }

            /// Its row in the table.
            pub fn operation(&self) -> &'static Operation {
                match self { $(Call::$input(_) => $input::ROW),* }
            }

            /// The input as a tree.
            pub fn to_value(&self) -> Value {
                let mut sink = TreeSink::default();
                match self { $(Call::$input(input) => input.write(&mut sink)),* }
                sink.finish()
            }

            pub(crate) async fn run(self, shop: &Shop, meta: &Meta, context: Context) -> Result<Reply, Error> {
                match self { $(Call::$input(input) => input.run(shop, meta, context).await.map(Reply::$reply)),* }
            }
        }
    };
    // What looks at the store: a rule over what can be looked at. What changes it: a rule over what can be changed; `once`,
    // if an idempotency key makes it happen once. What is done at the door, without the store or with more than one look at
    // it: a function of the shop; `seen` changes nothing, `door` does.
    (@kind query) => { OperationKind::Query };
    (@kind seen) => { OperationKind::Query };
    (@kind command) => { OperationKind::Command };
    (@kind once) => { OperationKind::Command };
    (@kind door) => { OperationKind::Command };
    (@once once) => { true };
    (@once $other:ident) => { false };
    (@run query, $shop:ident, $meta:ident, $context:ident, $input:ident, $does:path, $reply:ident) => {{
        let rule = move |records: &dyn Records, context: &Context| $does(records, context, $input).map(Reply::from);
        operations!(@reply $shop.look($meta, $context, rule), $reply)
    }};
    (@run command, $shop:ident, $meta:ident, $context:ident, $input:ident, $does:path, $reply:ident) => {{
        let rule = move |changes: &mut dyn Changes, context: &Context| $does(changes, context, $input).map(Reply::from);
        operations!(@reply $shop.change($meta, $context, rule), $reply)
    }};
    (@run once, $shop:ident, $meta:ident, $context:ident, $input:ident, $does:path, $reply:ident) => {
        operations!(@reply $shop.change_once($meta, $context, $input, $does), $reply)
    };
    (@run $door:ident, $shop:ident, $meta:ident, $context:ident, $input:ident, $does:path, $reply:ident) => {
        $does($shop, $meta, $context, $input).await
    };
    (@reply $pending:expr, $reply:ident) => {
        match $pending.await? {
            Reply::$reply(reply) => Ok(reply),
            _ => unreachable!("the job gives what the table says"),
        }
    };
}

/// Makes [`Reply`].
macro_rules! replies {
    ($($name:ident($type:ty) $word:literal;)*) => {
        #[allow(non_upper_case_globals)]
        mod reply_names {
            $(pub const $name: &str = $word;)*
        }

        /// What an operation is answered with.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Reply { $(#[doc = concat!("A `", stringify!($type), "`.")] $name($type)),* }

        $(impl From<$type> for Reply {
            fn from(reply: $type) -> Self {
                Reply::$name(reply)
            }
        })*

        impl Reply {
            /// Writes it to a reply.
            pub fn write(&self, sink: &mut impl Sink) {
                match self { $(Reply::$name(reply) => reply.write(sink)),* }
            }

            /// The reply as a tree.
            pub fn to_value(&self) -> Value {
                let mut sink = TreeSink::default();
                self.write(&mut sink);
                sink.finish()
            }
        }
    };
}

pub(crate) use {operations, replies};
