//! Logging in, and `who_am_i`, alike in every style.

use crate::trials::{Scenario, scenario};
use domain::access::{Credentials, Secret};
use domain::users::UserId;
use serde_json::json;
use tests::{Conversation, ValueAccess};

pub const SCENARIOS: &[Scenario] = &[
    scenario("log_in goes by the email of today, in whatever case", log_in),
    scenario("log_in refuses what can be no email and no password", no_input),
    scenario("who_am_i tells of today, by whatever proof", who_am_i),
    scenario("create_user makes staff if an admin says so", promoted),
    scenario("a customer can create customers only", customers_make_customers),
];

/// A user of the seed, with the public API key.
fn user(id: i32) -> Credentials {
    Credentials::ApiKey(auth::demo::api_key(UserId(id)))
}

fn with_password(email: &str, password: &str) -> Credentials {
    Credentials::Password { email: email.to_owned(), password: Secret::new(password) }
}

fn log_in(client: &mut Conversation) {
    let token = client.ok("log_in", json!({"email": "ADA@Example.com", "password": "parlance"}));
    assert_eq!(token.words("expires_at"), "2026-11-20T20:30:00Z", "it is good for an hour");
    let message =
        client.refused("log_in", json!({"email": "ada@example.com", "password": "Parlance"}), "credentials_wrong");
    assert_eq!(message, "no user has that email and that password");
    client.ok("update_user", json!({"id": 1, "email": "countess@example.com"}));
    let old =
        client.refused("log_in", json!({"email": "ada@example.com", "password": "parlance"}), "credentials_wrong");
    assert_eq!(old, message, "the refusal does not tell whether the user exists");
    client.ok("log_in", json!({"email": "countess@example.com", "password": "parlance"}));
    client.ok("log_in", json!({"email": "amina.diallo@example.com", "password": "parlance"}));
    client.ok("delete_user", json!({"id": 10}));
    client.refused("log_in", json!({"email": "amina.diallo@example.com", "password": "parlance"}), "credentials_wrong");
}

fn no_input(client: &mut Conversation) {
    let with = |password: String| json!({"email": "ada@example.com", "password": password});
    client.invalid("log_in", json!({"email": "nowhere", "password": "parlance"}), "/email");
    client.invalid("log_in", with(String::new()), "/password");
    client.invalid("log_in", with("ü".repeat(101)), "/password");
    client.invalid("create_user", json!({"name": "M", "email": "m@b", "password": "x".repeat(101)}), "/password");
    let message = client.refused("log_in", with("secret".repeat(20)), "invalid_input");
    assert!(!message.contains("secret"), "{message}");
}

fn who_am_i(client: &mut Conversation) {
    client.authenticate_as(with_password("Ada@example.com", "parlance"));
    let before = client.ok("get_user", json!({"id": 1}));
    client.ok("update_user", json!({"id": 1, "name": "Augusta"}));
    client.authenticate_as(user(1));
    let ada = client.ok("who_am_i", json!({}));
    assert_eq!((ada.number("user_id"), ada.words("name"), ada.words("proof")), (1, "Augusta", "api_key"));
    assert_eq!(ada.words("role"), before.words("role"));
    client.authenticate_as(user(2));
    assert_eq!(client.ok("who_am_i", json!({})).words("role"), "staff");
    // A deleted user can't authenticate, not even with a key that was right.
    client.authenticate_as(user(10));
    client.ok("delete_user", json!({"id": 10}));
    client.refused("who_am_i", json!({}), "credentials_wrong");
}

fn promoted(client: &mut Conversation) {
    let new =
        |name: &str, role: &str| json!({"name": name, "email": format!("{name}@b"), "password": name, "role": role});
    client.authenticate_as(user(2));
    client.refused("create_user", new("Grace", "staff"), "not_allowed");
    client.authenticate_as(user(3));
    for (name, role) in [("Grace", "staff"), ("Joan", "admin"), ("Dorothy", "customer")] {
        let made = client.ok("create_user", new(name, role));
        assert_eq!((made.words("name"), made.words("role")), (name, role));
        assert!(made.get("password").is_none());
    }
    client.invalid("create_user", new("Ida", "boss"), "/role");
    client.authenticate_as(with_password("grace@B", "Grace"));
    client.ok("list_users", json!({"limit": 1}));
    client.refused("create_user", new("Ida", "staff"), "not_allowed");
    client.authenticate_as(with_password("Joan@b", "Joan"));
    assert_eq!(client.ok("create_user", new("Ida", "admin")).number("id"), 54, "what was refused took no number");
    client.authenticate_as(with_password("Dorothy@b", "Dorothy"));
    client.refused("list_users", json!({}), "not_allowed");
}

fn customers_make_customers(client: &mut Conversation) {
    client.authenticate_as(user(1));
    for role in ["staff", "admin"] {
        let input = json!({"name": "Bob", "email": "bob@b", "role": role});
        let message = client.refused("create_user", input, "not_allowed");
        assert_eq!(message, "user 1 has the role customer; the operation requires admin");
    }
    let bob = client.ok("create_user", json!({"name": "Bob", "email": "bob@b", "role": "customer"}));
    assert_eq!((bob.number("id"), bob.words("role")), (51, "customer"));
    // The new user is another caller than its creator.
    client.refused("get_user", json!({"id": 51}), "not_allowed");
}
