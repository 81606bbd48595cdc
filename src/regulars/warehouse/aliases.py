"""The headings by which columns are known, in five languages and the usual shops' exports.

Each column has ranks, the best first: within a file the best rank that is found wins, and two
headings of one rank are ambiguous. Headings are compared by their letters and digits only, so
``CustomerID``, ``customer_id`` and ``Customer ID`` are one.
"""

from collections.abc import Mapping

type Ranks = tuple[tuple[str, ...], ...]


def _ranks(*ranks: str) -> Ranks:
    """Ranks of headings, each written as one text with bars between the headings."""
    return tuple(tuple(heading.strip() for heading in rank.split("|")) for rank in ranks)


ORDERS: Mapping[str, Ranks] = {
    "order_id": _ranks(
        "order_id",
        "order number | order no | order nr | order # | order | id_order | invoice_no | "
        "invoice number | invoice_id | invoice | basket_id | receipt_id | receipt number "
        "| receipt no | receipt | transaction_id | transaction number | transaction no | "
        "purchase_id | sale_id | bill number | užsakymo id | užsakymo nr | užsakymo "
        "numeris | užsakymas | kvito nr | kvito numeris | čekio nr | sąskaitos nr | "
        "sąskaitos numeris | pasūtījuma id | pasūtījuma nr | pasūtījuma numurs | "
        "pasūtījums | čeka nr | čeka numurs | rēķina nr | rēķina numurs | номер заказа | "
        "id заказа | № заказа | заказ | номер чека | чек | номер счета | 订单号 | 订单编号 | "
        "订单id | 订单 | 单号 | 小票号 | 交易号",
        "order reference | reference",
    ),
    "customer_id": _ranks(
        "customer_id",
        "customer number | customer no | customer nr | customer code | client_id | client"
        " number | client code | id_customer | household_id | household_key | user_id | "
        "buyer_id | member_id | member number | card number | card no | loyalty card | "
        "kliento id | kliento nr | kliento numeris | kliento kodas | pirkėjo id | pirkėjo"
        " kodas | kortelės nr | kortelės numeris | klienta id | klienta nr | klienta "
        "numurs | klienta kods | pircēja id | pircēja kods | kartes nr | kartes numurs | "
        "id клиента | номер клиента | код клиента | id покупателя | код покупателя | "
        "номер карты | 客户编号 | 客户id | 客户号 | 顾客编号 | "
        "顾客id | 会员号 | 会员编号 | 会员卡号 | 用户id | "
        "Kundennummer | Kunden nr",
        "customer | client | buyer | member | household | user | klientas | pirkėjas | "
        "klients | pircējs | клиент | покупатель | 客户 | 顾客 | 会员 | 用户 | Kunde",
        "customer email | email | e-mail | email address | el. paštas | e-pasts | 邮箱",
    ),
    "ordered_at": _ranks(
        "ordered_at",
        "order date | order time | ordered on | invoice_date | transaction_timestamp | "
        "transaction date | transaction time | purchase date | purchased at | purchased "
        "on | purchase time | date of order | sale date | receipt date | užsakymo data | "
        "pirkimo data | pardavimo data | sąskaitos data | kvito data | pasūtījuma datums "
        "| pirkuma datums | pārdošanas datums | rēķina datums | čeka datums | дата заказа"
        " | дата покупки | дата продажи | дата чека | "
        "дата счета | 订单日期 | 下单时间 | 下单日期 | "
        "购买日期 | 购买时间 | 交易日期 | 交易时间",
        "date | datetime | timestamp | date time | created_at | date_add | date created |"
        " data | data ir laikas | laikas | datums | datums un laiks | дата | дата и время"
        " | 日期 | 时间 | Datum",
    ),
    "amount": _ranks(
        "amount",
        "net amount | amount net | amount excl vat | amount excl tax | amount without vat"
        " | net total | total excl vat | total excl tax | total paid tax excl | total "
        "price tax excl | net sales | net revenue | n. revenue | suma be PVM | summa bez "
        "PVN | сумма без НДС | 不含税金额",
        "order amount | order value | sales_value | sales amount | sales | revenue | "
        "dollar_value | value | spend | line amount | line total | price paid | total "
        "price | monetary | suma | vertė | pardavimai | summa | vērtība | сумма | сумма "
        "заказа | сумма покупки | стоимость | выручка | 金额 | "
        "订单金额 | 销售额 | 消费金额 | 交易金额 | "
        "Betrag",
        "total | order total | order total amount | grand total | total amount | gross "
        "amount | amount gross | gross total | total gross | amount incl vat | amount "
        "incl tax | total incl vat | total incl tax | total paid | total paid tax incl | "
        "total price tax incl | suma su PVM | bendra suma | iš viso | summa ar PVN | "
        "kopsumma | kopā | сумма с НДС | "  # noqa: RUF001 Russian
        "итого | всего | 总额 | 总金额 | 合计 | 总价 | 含税金额",
    ),
    "unit_price": _ranks(
        "unit_price",
        "price | item price | price per unit | unit price tax excl | vieneto kaina | "
        "kaina | vienības cena | cena | цена | цена за единицу | 单价 | 价格",
    ),
    "quantity": _ranks(
        "quantity",
        "qty | units | number of items | product quantity | kiekis | daudzums | skaits | "
        "количество | кол-во | 数量",
    ),
    "line": _ranks(
        "line",
        "line_id | line number | line no | order line | order line id | item number | "
        "item # | id_order_detail | eilutė | eilutės nr | rinda | rindas nr | строка | "
        "номер строки | 行号",
    ),
    "product_id": _ranks(
        "product_id",
        "product | product code | product number | sku | stock_code | item_id | item code"
        " | article | article number | prekės kodas | prekė | preces kods | prece | "
        "артикул | код товара | товар | 商品编号 | 商品id | 商品编码 | 产品编号 | 商品",
        "product name | item name",
    ),
    "category": _ranks(
        "category",
        "product_category | product category name | product group | kategorija | prekių "
        "grupė | preču grupa | категория | группа товаров | 类别 | 品类 | 分类",
        "department",
    ),
    "currency": _ranks(
        "currency",
        "currency code | order currency | valiuta | valūta | валюта | 货币 | 币种",
    ),
    "refunded": _ranks(
        "refunded",
        "refunded amount | refund amount | refund | amount refunded | grąžinta | grąžinta"
        " suma | atmaksāts | atmaksātā summa | возврат | сумма возврата | 退款金额 | 退款",
    ),
    "tax": _ranks(
        "tax",
        "taxes | tax amount | vat amount | total tax | order tax | order total tax amount"
        " | vat | PVM | PVM suma | PVN | PVN summa | НДС | сумма НДС | 税额",
    ),
    "margin": _ranks(
        "margin",
        "gross margin | margin amount | marža | маржа | 毛利",
    ),
    "channel": _ranks(
        "channel",
        "sales channel | order channel | kanalas | kanāls | канал | канал продаж | 渠道",
    ),
    "store": _ranks(
        "store",
        "store_id | shop | shop_id | store name | branch | outlet | parduotuvė | veikals "
        "| магазин | 门店 | 店铺",
    ),
}

SPANS: Mapping[str, Ranks] = {
    "customer_id": (*ORDERS["customer_id"], *_ranks("account_id | subscriber_id | account")),
    "started_on": _ranks(
        "started_on",
        "started at | start date | start | starts on | subscribed on | signup date | "
        "valid from | from | pradžia | pradžios data | nuo | sākums | sākuma datums | no "
        "| начало | дата начала | 开始日期 | 开始时间",
    ),
    "ended_on": _ranks(
        "ended_on",
        "ended at | end date | end | ends on | cancelled on | canceled on | cancelled at "
        "| churned on | valid to | valid until | to | pabaiga | pabaigos data | iki | "
        "beigas | beigu datums | līdz | окончание | дата окончания | 结束日期 | 结束时间",
    ),
    "amount": _ranks(
        "amount",
        "price | fee | monthly fee | mrr | plan amount",
    ),
}

CUSTOMERS: Mapping[str, Ranks] = {
    "customer_id": ORDERS["customer_id"],
    "joined_at": _ranks(
        "joined_at",
        "joined on | joined | join date | registered at | registered on | registration "
        "date | signup date | sign up date | customer since | member since | created_at |"
        " date_add | registracijos data | reģistrācijas datums | дата регистрации | 注册日期 "
        "| 注册时间",
    ),
}

PRODUCTS: Mapping[str, Ranks] = {
    "product_id": ORDERS["product_id"],
    "category": ORDERS["category"],
}

NET = frozenset(ORDERS["amount"][1])
"""Amount headings that say they are without VAT."""

GROSS = frozenset(ORDERS["amount"][3])
"""Amount headings that are totals: where a tax column stands beside them they include it."""

_INCLUDING = ("gross", "incl", "su PVM", "ar PVN", "с НДС", "含税")  # noqa: RUF001 Russian

SURELY_GROSS = frozenset(name for name in GROSS if any(word in name for word in _INCLUDING))
"""Amount headings that say they include VAT."""
