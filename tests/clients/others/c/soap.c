/* SOAP, by gSOAP: wsdl2h and soapcpp2 make C of the WSDL: a struct for each message, a function for each operation. The
 * server's address is in what they made, and so is the version: soapcpp2 -1 makes what speaks SOAP 1.1, -2 SOAP 1.2. */

#include "ShopSoap11Binding.nsmap"
#include "soapH.h"

/* A test returns what it did not find, or NULL. */
#define EXPECT(condition) if (!(condition)) return #condition
#define ANSWERED(call) if ((call) != SOAP_OK) return *soap_faultstring(soap)

static int is(const char *found, const char *expected)
{
    return found != NULL && strcmp(found, expected) == 0;
}

static const char *lists_users(struct soap *soap)
{
    int limit = 2;
    struct _ns1__ListUsers question = { .limit = &limit };
    struct _ns1__ListUsersResponse answer;
    ANSWERED(soap_call___ns1__ListUsers(soap, NULL, NULL, &question, &answer));
    EXPECT(answer.users->__sizeitem == 2);
    EXPECT(answer.users->item[0].id == 1 && answer.users->item[1].id == 2);
    return NULL;
}

static const char *gets_user_1(struct soap *soap)
{
    struct _ns1__GetUser question = { .id = 1 };
    struct _ns1__GetUserResponse answer;
    ANSWERED(soap_call___ns1__GetUser(soap, NULL, NULL, &question, &answer));
    EXPECT(answer.user->id == 1);
    EXPECT(is(answer.user->name, "Ada Lovelace") && is(answer.user->email, "ada@example.com"));
    return NULL;
}

static const char *creates_a_user(struct soap *soap)
{
    char name[] = "Žofia <&>", email[] = "gsoap@" VERSION ".example.com";
    struct _ns1__CreateUser question = { .name = name, .email = email };
    struct _ns1__CreateUserResponse answer;
    ANSWERED(soap_call___ns1__CreateUser(soap, NULL, NULL, &question, &answer));
    EXPECT(is(answer.user->name, name) && answer.user->role == customer && answer.user->version == 1);
    return NULL;
}

/* The stock of product 1, or -1. */
static int stock(struct soap *soap)
{
    struct _ns1__GetProduct question = { .id = 1 };
    struct _ns1__GetProductResponse answer;
    int status = soap_call___ns1__GetProduct(soap, NULL, NULL, &question, &answer);
    return status == SOAP_OK ? answer.product->stock : -1;
}

static const char *orders_two_lines(struct soap *soap)
{
    int before = stock(soap);
    struct ns1__LineInput line[] = { { .productId = 1, .quantity = 2 }, { .productId = 2, .quantity = 3 } };
    struct ns1__LineInputs lines = { .__sizeline = 2, .line = line };
    struct _ns1__PlaceOrder question = { .userId = 1, .lines = &lines };
    struct _ns1__PlaceOrderResponse answer;
    ANSWERED(soap_call___ns1__PlaceOrder(soap, NULL, NULL, &question, &answer));
    EXPECT(answer.order->lines->__sizeline == 2 && answer.order->lines->line[1].quantity == 3);
    EXPECT(before > 0 && stock(soap) == before - 2);
    return NULL;
}

static const char *clicks_twice(struct soap *soap)
{
    char key[] = "gsoap-" VERSION;
    struct SOAP_ENV__Header once = { .ns1__IdempotencyKey = key };
    struct ns1__LineInput line = { .productId = 1, .quantity = 1 };
    struct ns1__LineInputs lines = { .__sizeline = 1, .line = &line };
    struct _ns1__PlaceOrder question = { .userId = 1, .lines = &lines };
    struct _ns1__PlaceOrderResponse first, second;
    soap->header = &once;
    ANSWERED(soap_call___ns1__PlaceOrder(soap, NULL, NULL, &question, &first));
    soap->header = &once; /* An answer takes its place. */
    ANSWERED(soap_call___ns1__PlaceOrder(soap, NULL, NULL, &question, &second));
    EXPECT(first.order->id == second.order->id);
    return NULL;
}

/* What the server says of the last call, if it refused it: the detail, typed by the contract. */
static struct _ns1__ShopFault *refusal(struct soap *soap)
{
    if (soap->fault == NULL) return NULL;
    struct SOAP_ENV__Detail *detail = soap->version == 1 ? soap->fault->detail : soap->fault->SOAP_ENV__Detail;
    return detail != NULL ? detail->ns1__ShopFault : NULL;
}

static const char *gets_a_typed_fault(struct soap *soap)
{
    struct _ns1__GetUser question = { .id = 999999 };
    struct _ns1__GetUserResponse answer;
    EXPECT(soap_call___ns1__GetUser(soap, NULL, NULL, &question, &answer) != SOAP_OK);
    struct _ns1__ShopFault *details = refusal(soap);
    EXPECT(details != NULL && is(details->reason, "user_not_found") && details->kind == not_USCOREfound);
    EXPECT(is(details->message, *soap_faultstring(soap)));
    return NULL;
}

/* Asks who one is, with a header block of WS-Security. */
static int who_am_i(struct soap *soap, char *secret, struct _ns1__WhoAmIResponse *answer)
{
    char email[] = "ada@example.com";
    struct _wsse__Password password = { .__item = secret };
    struct _wsse__UsernameToken token = { .Username = email, .Password = &password };
    struct _wsse__Security security = { .UsernameToken = &token };
    struct SOAP_ENV__Header header = { .wsse__Security = &security };
    struct _ns1__WhoAmI question;
    soap->header = &header;
    int status = soap_call___ns1__WhoAmI(soap, NULL, NULL, &question, answer);
    soap->header = NULL;
    return status;
}

static const char *is_user_1(struct soap *soap)
{
    char right[] = "parlance", wrong[] = "wrong";
    struct _ns1__WhoAmIResponse answer;
    ANSWERED(who_am_i(soap, right, &answer));
    struct ns1__Caller *caller = answer.caller;
    EXPECT(caller->userId != NULL && *caller->userId == 1);
    EXPECT(caller->role != NULL && *caller->role == customer && caller->proof == password);
    EXPECT(who_am_i(soap, wrong, &answer) != SOAP_OK);
    EXPECT(refusal(soap) != NULL && is(refusal(soap)->reason, "credentials_wrong"));
    return NULL;
}

/* A line for each check. Returns 1 if it failed. */
static int check(const char *what, const char *test(struct soap *), struct soap *soap)
{
    const char *problem = test(soap);
    printf("%s c/gsoap " VERSION ": %s\n", problem == NULL ? "ok   " : "FAIL ", what);
    if (problem != NULL) printf("%s\n", problem);
    soap_end(soap);
    return problem != NULL;
}

int main(void)
{
    /* A char is a byte of UTF-8. */
    struct soap *soap = soap_new1(SOAP_C_UTFSTRING | SOAP_XML_STRICT);
    int failed = 0;
    failed += check("lists users", lists_users, soap);
    failed += check("gets user 1", gets_user_1, soap);
    failed += check("creates a user", creates_a_user, soap);
    failed += check("orders two lines, and the stock falls", orders_two_lines, soap);
    failed += check("clicks twice for one order", clicks_twice, soap);
    failed += check("gets a typed fault", gets_a_typed_fault, soap);
    failed += check("is user 1, by its envelope", is_user_1, soap);
    soap_destroy(soap);
    soap_free(soap);
    return failed > 0;
}
