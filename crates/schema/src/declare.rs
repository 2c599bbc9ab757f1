//! The macros that declare ids, enums, inputs and outputs: each is declared once.

/// Declares the id type of a resource: an integer from 1 that is never used again in its sandbox.
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
                path: &$crate::Path,
                violations: &mut $crate::Violations,
            ) -> Option<Self> {
                $crate::read_int(value, 1, $crate::limits::INTEGER_MAX, path, violations).map($name)
            }
        }

        impl $crate::Encode for $name {
            fn write(&self, encoder: &mut impl $crate::Encoder) {
                encoder.int(self.0);
            }
        }
    };
}

/// Declares an enum; each variant is one word on the wire.
#[macro_export]
macro_rules! enumeration {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $word_doc:literal])+ $variant:ident = $word:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[doc = $word_doc])+ $variant),+ }

        impl $name {
            /// All variants, in the order of their declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            const ENUM: &'static $crate::Enum = &$crate::Enum {
                name: stringify!($name),
                doc: concat!($($doc),+).trim_ascii(),
                words: &[$($word),+],
            };

            /// The word of this variant, the same in every style.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// Returns the variant with this word.
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
                path: &$crate::Path,
                violations: &mut $crate::Violations,
            ) -> Option<Self> {
                let word = value.as_text().and_then(Self::from_word);
                word.or_else(|| violations.add(path, Self::ENUM.refusal(&value, violations.names())))
            }
        }

        impl $crate::Encode for $name {
            fn write(&self, encoder: &mut impl $crate::Encoder) {
                encoder.word(self.word());
            }
        }
    };
}

/// Declares an object that is part of an input: its type, its schema, its decoding, and the encoding that clients use.
#[macro_export]
macro_rules! input {
    ($(#[doc = $doc:literal])+ pub struct $name:ident {
        $($(#[doc = $field_doc:literal])+ $field:ident: $type:ty,)*
    }) => {
        $crate::output! { $(#[doc = $doc])+ pub struct $name { $($(#[doc = $field_doc])+ $field: $type,)* } }

        impl $crate::Decode for $name {
            #[allow(unused_mut)]
            fn read(
                value: $crate::Value,
                path: &$crate::Path,
                violations: &mut $crate::Violations,
            ) -> Option<Self> {
                let mut fields = $crate::Fields::open(value, $name::OBJECT, path, violations)?;
                $(let $field = fields.take::<$type>(stringify!($field), path, violations);)*
                fields.close($name::OBJECT, path, violations)?;
                Some($name { $($field: $field?),* })
            }
        }
    };
}

/// Declares an object that is part of a reply: its type, its schema and its encoding.
#[macro_export]
macro_rules! output {
    ($(#[doc = $doc:literal])+ pub struct $name:ident {
        $($(#[doc = $field_doc:literal])+ $field:ident: $type:ty,)*
    }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name { $($(#[doc = $field_doc])+ pub $field: $type),* }

        impl $name {
            /// The name, the description and the fields of this object.
            pub const OBJECT: &'static $crate::Object = &$crate::Object {
                name: stringify!($name),
                doc: concat!($($doc),+).trim_ascii(),
                members: &[$($crate::Field {
                    name: stringify!($field),
                    doc: concat!($($field_doc),+).trim_ascii(),
                    schema: <$type as $crate::HasSchema>::SCHEMA,
                    required: <$type as $crate::HasSchema>::REQUIRED,
                }),*],
            };

            /// Writes the fields, without the beginning and the end of the object.
            pub fn encode_fields(&self, encoder: &mut impl $crate::Encoder) {
                let _ = &encoder;
                $($crate::encode_field(stringify!($field), &self.$field, encoder);)*
            }
        }

        impl $crate::HasSchema for $name {
            const SCHEMA: $crate::Schema = $crate::Schema::Object($name::OBJECT);
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
