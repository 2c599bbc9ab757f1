// SOAP over gSOAP, by the WSDL of Parlance.
#include "shop.h"
#include "soapH.h"
#include "ShopSoap11Binding.nsmap"
#include <limits.h>
#include <string.h>

static struct ns1__Money *euros(struct soap *soap, int amount) {
    struct ns1__Money *money = soap_new_ns1__Money(soap, 1);
    money->amount = amount;
    money->currency = EUR;
    return money;
}

static void read_user(struct soap *soap, sqlite3_stmt *rows, struct ns1__User *user) {
    user->id = number(rows, 0);
    user->name = soap_strdup(soap, text(rows, 1));
    user->email = soap_strdup(soap, text(rows, 2));
    soap_s2ns1__Role(soap, text(rows, 3), &user->role);
    user->createdAt = sqlite3_column_int64(rows, 4);
    user->version = number(rows, 5);
}

static struct ns1__User *find_user(struct soap *soap, int id) {
    struct ns1__User *user = NULL;
    sqlite3_stmt *rows = query(USER, id);
    if (next(rows)) read_user(soap, rows, user = soap_new_ns1__User(soap, 1));
    sqlite3_reset(rows);
    return user;
}

static struct ns1__UserPage *find_users(struct soap *soap, int limit) {
    struct ns1__UserPage *page = soap_new_ns1__UserPage(soap, 1);
    page->item = soap_new_ns1__User(soap, limit);
    int count = 0;
    for (sqlite3_stmt *rows = query(USERS, limit + 1); next(rows); count++)
        if (count < limit) read_user(soap, rows, &page->item[page->__sizeitem++]);
    if (count > limit) {
        page->next = soap_malloc(soap, 16);
        snprintf(page->next, 16, "%d", page->item[limit - 1].id);
    }
    return page;
}

enum { LINES_MAX = 20 };

static struct ns1__OrderLines *find_lines(struct soap *soap, int order, int *total) {
    struct ns1__OrderLines *lines = soap_new_ns1__OrderLines(soap, 1);
    lines->line = soap_new_ns1__OrderLine(soap, LINES_MAX);
    for (sqlite3_stmt *rows = query(LINES, order); next(rows);) {
        struct ns1__OrderLine *line = &lines->line[lines->__sizeline++];
        int price = number(rows, 2);
        line->productId = number(rows, 0);
        line->quantity = number(rows, 1);
        line->unitPrice = euros(soap, price);
        line->lineTotal = euros(soap, price * line->quantity);
        *total += price * line->quantity;
    }
    return lines;
}

static struct ns1__Products *find_products(struct soap *soap, int order) {
    struct ns1__Products *products = soap_new_ns1__Products(soap, 1);
    products->product = soap_new_ns1__Product(soap, LINES_MAX);
    for (sqlite3_stmt *rows = query(PRODUCTS, order); next(rows);) {
        struct ns1__Product *product = &products->product[products->__sizeproduct++];
        product->id = number(rows, 0);
        product->name = soap_strdup(soap, text(rows, 1));
        product->description = soap_strdup(soap, text(rows, 2));
        product->price = euros(soap, number(rows, 3));
        product->stock = number(rows, 4);
        product->version = number(rows, 5);
    }
    return products;
}

static struct ns1__OrderDetails *find_order(struct soap *soap, int id) {
    struct ns1__OrderDetails *order = NULL;
    run(BEGIN);
    sqlite3_stmt *rows = query(ORDER, id);
    if (next(rows)) {
        int total = 0;
        order = soap_new_ns1__OrderDetails(soap, 1);
        order->id = number(rows, 0);
        order->userId = number(rows, 1);
        soap_s2ns1__OrderStatus(soap, text(rows, 2), &order->status);
        order->lines = find_lines(soap, id, &total);
        order->total = euros(soap, total);
        order->placedAt = sqlite3_column_int64(rows, 3);
        order->updatedAt = sqlite3_column_int64(rows, 4);
        order->version = number(rows, 5);
        order->user = find_user(soap, order->userId);
        order->products = find_products(soap, id);
    }
    sqlite3_reset(rows);
    run(COMMIT);
    return order;
}

// An operation: asks the shop while no other thread does.
#define OPERATION(NAME, MEMBER, FOUND)                                                                         \
    int __ns1__##NAME(struct soap *soap, struct _ns1__##NAME *in, struct _ns1__##NAME##Response *out) {        \
        pthread_mutex_lock(&shop);                                                                             \
        out->MEMBER = FOUND;                                                                                   \
        pthread_mutex_unlock(&shop);                                                                           \
        return out->MEMBER ? SOAP_OK : soap_sender_fault(soap, "there is no such thing", NULL);                \
    }

OPERATION(GetUser, user, find_user(soap, in->id))
OPERATION(ListUsers, users, find_users(soap, in->limit ? *in->limit : 20))
OPERATION(GetOrderDetails, orderDetails, find_order(soap, in->id))

// The other operations of the WSDL, which this server lacks.
#define ABSENT(NAME) \
    int __ns1__##NAME(struct soap *soap, struct _ns1__##NAME *in, struct _ns1__##NAME##Response *out) { return SOAP_NO_METHOD; }
#include "absent.h"

static void *serve_connection(void *of) {
    struct soap *soap = of;
    soap_serve(soap);
    soap_destroy(soap);
    soap_end(soap);
    soap_free(soap);
    return NULL;
}

int main(int count, char **arguments) {
    if (count != 3) return 1;
    open_shop(arguments[1]);
    struct soap *soap = soap_new1(SOAP_IO_KEEPALIVE | SOAP_C_UTFSTRING | SOAP_XML_TREE);
    soap->bind_flags = SO_REUSEADDR;
    // As many requests over a connection as a client likes.
    soap->max_keep_alive = INT_MAX;
    if (!soap_valid_socket(soap_bind(soap, "127.0.0.1", atoi(arguments[2]), 1024))) return soap_print_fault(soap, stderr), 1;
    while (soap_valid_socket(soap_accept(soap))) {
        pthread_t thread;
        pthread_create(&thread, NULL, serve_connection, soap_copy(soap));
        pthread_detach(thread);
    }
    return soap_print_fault(soap, stderr), 1;
}
