//! How is a thing of the shop declared? Once, with one of these macros.

/// Declares the id of a thing: a whole number from 1, never used again in its sandbox.
#[macro_export]
macro_rules! id {
    ($(#[doc = $doc:literal])+ $name:ident, $of:literal) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i32);

        impl $crate::Shaped for $name {
            const SHAPE: $crate::Shape = $crate::Shape::Id { of: $of };
        }

        impl $crate::Readable for $name {
            fn read(
                value: $crate::Value,
                at: &$crate::Path,
                found: &mut $crate::Violations,
            ) -> Option<Self> {
                $crate::read_int(value, 1, $crate::limits::INTEGER_MAX, at, found).map($name)
            }
        }

        impl $crate::Writable for $name {
            fn write(&self, sink: &mut impl $crate::Sink) {
                sink.int(self.0);
            }
        }
    };
}

/// Declares a closed set of words.
#[macro_export]
macro_rules! words {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $word_doc:literal])+ $variant:ident = $word:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[doc = $word_doc])+ $variant),+ }

        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            const WORDS: &'static $crate::Words = &$crate::Words {
                name: stringify!($name),
                doc: concat!($($doc),+).trim_ascii(),
                words: &[$($word),+],
            };

            /// The word as it stands on every wire.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// The one with that word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }
        }

        impl $crate::Shaped for $name {
            const SHAPE: $crate::Shape = $crate::Shape::Word($name::WORDS);
        }

        impl $crate::Readable for $name {
            fn read(
                value: $crate::Value,
                at: &$crate::Path,
                found: &mut $crate::Violations,
            ) -> Option<Self> {
                match value.as_text().and_then(Self::from_word) {
                    Some(word) => Some(word),
                    None => found.add(at, format!("must be one of {}, was {value}", Self::WORDS.words.join(", "))),
                }
            }
        }

        impl $crate::Writable for $name {
            fn write(&self, sink: &mut impl $crate::Sink) {
                sink.word(self.word());
            }
        }
    };
}

/// Declares a thing that is part of an input: its type, its shape, its reading, and its writing where it is sent on.
#[macro_export]
macro_rules! input {
    ($(#[doc = $doc:literal])+ pub struct $name:ident {
        $($(#[doc = $member_doc:literal])+ $member:ident: $type:ty,)*
    }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name { $($(#[doc = $member_doc])+ pub $member: $type),* }

        $crate::record_shape! { $name [$($doc)+] $($member [$($member_doc)+] $type,)* }

        impl $crate::Readable for $name {
            #[allow(unused_mut)]
            fn read(
                value: $crate::Value,
                at: &$crate::Path,
                found: &mut $crate::Violations,
            ) -> Option<Self> {
                let mut members = $crate::Members::open(value, $name::RECORD, at, found)?;
                $(let $member = members.take::<$type>(stringify!($member), at, found);)*
                members.close($name::RECORD, at, found)?;
                Some($name { $($member: $member?),* })
            }
        }

        $crate::record_writing! { $name $($member)* }
    };
}

/// Declares a thing that is part of a reply: its type, its shape and its writing.
#[macro_export]
macro_rules! output {
    ($(#[doc = $doc:literal])+ pub struct $name:ident {
        $($(#[doc = $member_doc:literal])+ $member:ident: $type:ty,)*
    }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name { $($(#[doc = $member_doc])+ pub $member: $type),* }

        $crate::record_shape! { $name [$($doc)+] $($member [$($member_doc)+] $type,)* }

        $crate::record_writing! { $name $($member)* }
    };
}

/// The writing that [`input!`](crate::input) and [`output!`](crate::output) share.
#[doc(hidden)]
#[macro_export]
macro_rules! record_writing {
    ($name:ident $($member:ident)*) => {
        impl $name {
            /// Writes the members, without the record around them.
            pub fn write_members(&self, sink: &mut impl $crate::Sink) {
                let _ = &sink;
                $($crate::write_member(stringify!($member), &self.$member, sink);)*
            }
        }

        impl $crate::Writable for $name {
            fn write(&self, sink: &mut impl $crate::Sink) {
                sink.open_record();
                self.write_members(sink);
                sink.close_record();
            }
        }
    };
}

/// The shape that [`input!`](crate::input) and [`output!`](crate::output) share.
#[doc(hidden)]
#[macro_export]
macro_rules! record_shape {
    ($name:ident [$($doc:literal)+] $($member:ident [$($member_doc:literal)+] $type:ty,)*) => {
        impl $name {
            /// What the thing is called, what it is, and its members.
            pub const RECORD: &'static $crate::Record = &$crate::Record {
                name: stringify!($name),
                doc: concat!($($doc),+).trim_ascii(),
                members: &[$($crate::Member {
                    name: stringify!($member),
                    doc: concat!($($member_doc),+).trim_ascii(),
                    shape: <$type as $crate::Shaped>::SHAPE,
                    required: <$type as $crate::Shaped>::REQUIRED,
                }),*],
            };
        }

        impl $crate::Shaped for $name {
            const SHAPE: $crate::Shape = $crate::Shape::Record($name::RECORD);
        }
    };
}
