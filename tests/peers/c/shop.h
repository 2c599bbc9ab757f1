// The shop of the peers in C: the statements of three reads, straight from the tables of Parlance.
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { USER, USERS, ORDER, LINES, PRODUCTS, BEGIN, COMMIT, STATEMENTS };

// The sandbox `main` is the first.
static const char *const SQL[STATEMENTS] = {
    [USER] = "SELECT id, name, email, role, created_at, version FROM users WHERE sandbox_id = 1 AND id = ?",
    [USERS] = "SELECT id, name, email, role, created_at, version FROM users WHERE sandbox_id = 1 ORDER BY id LIMIT ?",
    [ORDER] = "SELECT id, user_id, status, placed_at, updated_at, version FROM orders WHERE sandbox_id = 1 AND id = ?",
    [LINES] = "SELECT product_id, quantity, unit_price FROM order_lines WHERE sandbox_id = 1 AND order_id = ? "
              "ORDER BY position",
    [PRODUCTS] = "SELECT p.id, p.name, p.description, p.price, p.stock, p.version FROM order_lines l "
                 "JOIN products p ON p.sandbox_id = l.sandbox_id AND p.id = l.product_id "
                 "WHERE l.sandbox_id = 1 AND l.order_id = ? ORDER BY p.id",
    [BEGIN] = "BEGIN",
    [COMMIT] = "COMMIT",
};

static sqlite3_stmt *statements[STATEMENTS];
// Each connection of HTTP has a thread, and the statements belong to one of them at a time.
static pthread_mutex_t shop = PTHREAD_MUTEX_INITIALIZER;

static void open_shop(const char *file) {
    sqlite3 *database;
    int failed = sqlite3_open(file, &database);
    for (int at = 0; at < STATEMENTS; at++)
        failed = failed || sqlite3_prepare_v3(database, SQL[at], -1, SQLITE_PREPARE_PERSISTENT, &statements[at], NULL);
    if (failed) {
        fprintf(stderr, "%s: %s\n", file, sqlite3_errmsg(database));
        exit(1);
    }
}

// Begins a query, with its value.
static sqlite3_stmt *query(int which, int value) {
    sqlite3_bind_int(statements[which], 1, value);
    return statements[which];
}

// The next row; 0 if there is none, and then the statement can be used again.
static int next(sqlite3_stmt *rows) {
    if (sqlite3_step(rows) == SQLITE_ROW) return 1;
    sqlite3_reset(rows);
    return 0;
}

// Begins or ends the snapshot of several queries.
static void run(int which) {
    sqlite3_step(statements[which]);
    sqlite3_reset(statements[which]);
}

static int number(sqlite3_stmt *rows, int column) { return sqlite3_column_int(rows, column); }

static const char *text(sqlite3_stmt *rows, int column) { return (const char *)sqlite3_column_text(rows, column); }
