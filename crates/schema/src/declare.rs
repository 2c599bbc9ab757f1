//! How is a thing of the shop declared? Once, with one of these macros.

/// Declares the id of a thing: a whole number from 1, never used again in its sandbox.
#[macro_export]
macro_rules! id {
    ($(#[doc = $doc:literal])+ $name:ident, $of:literal) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i32);

        impl $crate::HasSchema for $name {
            const SCHEMA: $crate::Schema = $crate::Schema::Id { of: $of };
        }

        impl $crate::Decode for $name {
            fn read(
                value: $crate::Value,
                at: &$crate::Path,
                found: &mut $crate::Violations,
            ) -> Option<Self> {
                $crate::read_int(value, 1, $crate::limits::INTEGER_MAX, at, found).map($name)
            }
        }

        impl $crate::Encode for $name {
            fn write(&self, encoder: &mut impl $crate::Encoder) {
                encoder.int(self.0);
            }
        }
    };
}

/// Declares a closed set of words.
#[macro_export]
macro_rules! enumeration {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $word_doc:literal])+ $variant:ident = $word:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[doc = $word_doc])+ $variant),+ }

        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            const ENUM: &'static $crate::Enum = &$crate::Enum {
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

        impl $crate::HasSchema for $name {
            const SCHEMA: $crate::Schema = $crate::Schema::Enum($name::ENUM);
        }

        impl $crate::Decode for $name {
            fn read(
                value: $crate::Value,
                at: &$crate::Path,
                found: &mut $crate::Violations,
            ) -> Option<Self> {
                match value.as_text().and_then(Self::from_word) {
                    Some(word) => Some(word),
                    None => found.add(at, format!("must be one of {}, was {value}", Self::ENUM.words.join(", "))),
                }
            }
        }

        impl $crate::Encode for $name {
            fn write(&self, encoder: &mut impl $crate::Encoder) {
                encoder.word(self.word());
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

        $crate::object_schema! { $name [$($doc)+] $($member [$($member_doc)+] $type,)* }

        impl $crate::Decode for $name {
            #[allow(unused_mut)]
            fn read(
                value: $crate::Value,
                at: &$crate::Path,
                found: &mut $crate::Violations,
            ) -> Option<Self> {
                let mut members = $crate::Fields::open(value, $name::OBJECT, at, found)?;
                $(let $member = members.take::<$type>(stringify!($member), at, found);)*
                members.close($name::OBJECT, at, found)?;
                Some($name { $($member: $member?),* })
            }
        }

        $crate::object_encoding! { $name $($member)* }
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

        $crate::object_schema! { $name [$($doc)+] $($member [$($member_doc)+] $type,)* }

        $crate::object_encoding! { $name $($member)* }
    };
}

/// The writing that [`input!`](crate::input) and [`output!`](crate::output) share.
#[doc(hidden)]
#[macro_export]
macro_rules! object_encoding {
    ($name:ident $($member:ident)*) => {
        impl $name {
            /// Writes the members, without the record around them.
            pub fn encode_fields(&self, encoder: &mut impl $crate::Encoder) {
                let _ = &encoder;
                $($crate::encode_field(stringify!($member), &self.$member, encoder);)*
            }
        }

        impl $crate::Encode for $name {
            fn write(&self, encoder: &mut impl $crate::Encoder) {
                encoder.begin_object();
                self.encode_fields(encoder);
                encoder.end_object();
            }
        }
    };
}

/// The shape that [`input!`](crate::input) and [`output!`](crate::output) share.
#[doc(hidden)]
#[macro_export]
macro_rules! object_schema {
    ($name:ident [$($doc:literal)+] $($member:ident [$($member_doc:literal)+] $type:ty,)*) => {
        impl $name {
            /// What the thing is called, what it is, and its members.
            pub const OBJECT: &'static $crate::Object = &$crate::Object {
                name: stringify!($name),
                doc: concat!($($doc),+).trim_ascii(),
                members: &[$($crate::Field {
                    name: stringify!($member),
                    doc: concat!($($member_doc),+).trim_ascii(),
                    schema: <$type as $crate::HasSchema>::SCHEMA,
                    required: <$type as $crate::HasSchema>::REQUIRED,
                }),*],
            };
        }

        impl $crate::HasSchema for $name {
            const SCHEMA: $crate::Schema = $crate::Schema::Object($name::OBJECT);
        }
    };
}
