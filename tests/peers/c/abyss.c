// XML-RPC over xmlrpc-c and its server Abyss.
#include "shop.h"
#include <limits.h>
#include <xmlrpc-c/base.h>
#include <xmlrpc-c/server.h>
#include <xmlrpc-c/server_abyss.h>

static xmlrpc_value *at(xmlrpc_env *env, sqlite3_stmt *rows, int column) {
    char written[32];
    time_t seconds = sqlite3_column_int64(rows, column);
    struct tm parts;
    strftime(written, sizeof written, "%Y%m%dT%H:%M:%S", gmtime_r(&seconds, &parts));
    return xmlrpc_datetime_new_str(env, written);
}

static xmlrpc_value *euros(xmlrpc_env *env, int amount) {
    return xmlrpc_build_value(env, "{s:i,s:s}", "amount", amount, "currency", "EUR");
}

// Adds a value to a structure or an array, which then owns it.
static void set(xmlrpc_env *env, xmlrpc_value *structure, const char *name, xmlrpc_value *value) {
    xmlrpc_struct_set_value(env, structure, name, value);
    xmlrpc_DECREF(value);
}

static void append(xmlrpc_env *env, xmlrpc_value *array, xmlrpc_value *value) {
    xmlrpc_array_append_item(env, array, value);
    xmlrpc_DECREF(value);
}

static xmlrpc_value *user(xmlrpc_env *env, sqlite3_stmt *rows) {
    xmlrpc_value *user = xmlrpc_build_value(
        env, "{s:i,s:s,s:s,s:s,s:i}", "id", number(rows, 0), "name", text(rows, 1), "email", text(rows, 2), "role",
        text(rows, 3), "version", number(rows, 5));
    set(env, user, "created_at", at(env, rows, 4));
    return user;
}

static xmlrpc_value *lines(xmlrpc_env *env, int order, int *total) {
    xmlrpc_value *lines = xmlrpc_array_new(env);
    for (sqlite3_stmt *rows = query(LINES, order); next(rows);) {
        int quantity = number(rows, 1), price = number(rows, 2);
        xmlrpc_value *line =
            xmlrpc_build_value(env, "{s:i,s:i}", "product_id", number(rows, 0), "quantity", quantity);
        set(env, line, "unit_price", euros(env, price));
        set(env, line, "line_total", euros(env, price * quantity));
        append(env, lines, line);
        *total += price * quantity;
    }
    return lines;
}

static xmlrpc_value *products(xmlrpc_env *env, int order) {
    xmlrpc_value *products = xmlrpc_array_new(env);
    for (sqlite3_stmt *rows = query(PRODUCTS, order); next(rows);) {
        xmlrpc_value *product = xmlrpc_build_value(
            env, "{s:i,s:s,s:s,s:i,s:i}", "id", number(rows, 0), "name", text(rows, 1), "description", text(rows, 2),
            "stock", number(rows, 4), "version", number(rows, 5));
        set(env, product, "price", euros(env, number(rows, 3)));
        append(env, products, product);
    }
    return products;
}

// The first row of a query for one thing, as `make` writes it.
static xmlrpc_value *one(xmlrpc_env *env, int which, int id, xmlrpc_value *make(xmlrpc_env *, sqlite3_stmt *)) {
    sqlite3_stmt *rows = query(which, id);
    xmlrpc_value *found = NULL;
    if (next(rows)) found = make(env, rows);
    else xmlrpc_env_set_fault(env, -32004, "there is no such thing");
    sqlite3_reset(rows);
    return found;
}

static xmlrpc_value *order(xmlrpc_env *env, sqlite3_stmt *rows) {
    xmlrpc_value *order = xmlrpc_build_value(
        env, "{s:i,s:i,s:s,s:i}", "id", number(rows, 0), "user_id", number(rows, 1), "status", text(rows, 2),
        "version", number(rows, 5));
    int total = 0;
    set(env, order, "lines", lines(env, number(rows, 0), &total));
    set(env, order, "total", euros(env, total));
    set(env, order, "placed_at", at(env, rows, 3));
    set(env, order, "updated_at", at(env, rows, 4));
    set(env, order, "user", one(env, USER, number(rows, 1), user));
    set(env, order, "products", products(env, number(rows, 0)));
    return order;
}

static xmlrpc_value *details(xmlrpc_env *env, int id) {
    run(BEGIN);
    xmlrpc_value *found = one(env, ORDER, id, order);
    run(COMMIT);
    return found;
}

static xmlrpc_value *users(xmlrpc_env *env, int limit) {
    xmlrpc_value *page = xmlrpc_struct_new(env), *items = xmlrpc_array_new(env);
    int count = 0, last = 0;
    for (sqlite3_stmt *rows = query(USERS, limit + 1); next(rows);) {
        if (++count > limit) continue;
        last = number(rows, 0);
        append(env, items, user(env, rows));
    }
    char cursor[16];
    snprintf(cursor, sizeof cursor, "%d", last);
    set(env, page, "items", items);
    if (count > limit) set(env, page, "next", xmlrpc_string_new(env, cursor));
    return page;
}

// Calls a method of the shop with the integer that its parameter holds.
#define METHOD(METHOD_NAME, MEMBER, RESULT)                                                        \
    static xmlrpc_value *METHOD_NAME(xmlrpc_env *env, xmlrpc_value *parameters, void *server, void *call) { \
        int value;                                                                                 \
        xmlrpc_decompose_value(env, parameters, "({s:i,*})", MEMBER, &value);                      \
        if (env->fault_occurred) return NULL;                                                      \
        pthread_mutex_lock(&shop);                                                                 \
        xmlrpc_value *result = RESULT;                                                             \
        pthread_mutex_unlock(&shop);                                                               \
        return result;                                                                             \
    }

METHOD(get_user, "id", one(env, USER, value, user))
METHOD(list_users, "limit", users(env, value))
METHOD(get_order_details, "id", details(env, value))

int main(int count, char **arguments) {
    if (count != 3) return 1;
    open_shop(arguments[1]);
    struct xmlrpc_method_info3 methods[] = {
        {.methodName = "get_user", .methodFunction = get_user},
        {.methodName = "list_users", .methodFunction = list_users},
        {.methodName = "get_order_details", .methodFunction = get_order_details},
    };
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_registry *registry = xmlrpc_registry_new(&env);
    for (int at = 0; at < 3; at++) xmlrpc_registry_add_method3(&env, registry, &methods[at]);
    xmlrpc_server_abyss_parms settings = {
        .config_file_name = NULL,
        .registryP = registry,
        .port_number = atoi(arguments[2]),
        .uri_path = "/xmlrpc",
        // As many requests over a connection as a client likes.
        .keepalive_timeout = 60,
        .keepalive_max_conn = INT_MAX,
    };
    xmlrpc_server_abyss(&env, &settings, XMLRPC_APSIZE(uri_path));
    fprintf(stderr, "%s\n", env.fault_string ? env.fault_string : "stopped");
    return 1;
}
