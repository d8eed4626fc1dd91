"""The names that lenders, and this library, give the columns of a schedule."""

from __future__ import annotations

import re
from functools import cache
from unicodedata import category, normalize

from repaylib.schedule.rows import NAMES

__all__ = ["LISTED", "MOST_WORDS", "column_of", "heads_in", "is_left_out", "kinds_of"]

#: The columns that an error lists.
LISTED = ("number", "date", "payment", "interest", "principal", "fee", "balance")
#: The most words of a name.
MOST_WORDS = 5

#: By column the names in English and Chinese, then in German, French, Spanish, Portuguese, Italian and Dutch.
_OTHERS = {
    "number": "no nr # month period instalment_no instalment_number payment_no payment_number pmt_no"
    " pmt_# payment_# no_of_payment installment_no installment_number installment_# emi_no sl_no s_no"
    " sr_no serial_no term_no n n° nº seq"
    " 期次 期数 期 期号 序号 第几期 还款期数 期序"
    " nummer monat periode rate_nr raten_nr laufende_nr lfd_nr zahlung_nr"
    " numero mois rang echeance_no echeance_n° no_echeance n°_echeance numero_echeance num"
    " mes periodo no_cuota nº_cuota n°_cuota numero_de_cuota num_cuota"
    " no_parcela nº_parcela n°_parcela numero_da_parcela parcela_no nº_da_parcela"
    " mese n_rata n°_rata nº_rata no_rata numero_rata rata_n rata_n°"
    " maand termijn_nr termijnnummer",
    "date": "day due due_date due_on payment_date pay_date date_due date_of_payment instalment_date"
    " installment_date repayment_date emi_date value_date"
    " 还款日 还款日期 还款时间 应还款日 应还日期 到期日 日期 应还款日期 到期还款日"
    " datum tag falligkeit fallig_am falligkeitsdatum faellig_am faelligkeit zahltag zahlungsdatum"
    " zahlungstermin termin ratentermin stichtag valuta buchungstag"
    " date_d_echeance date_echeance date_de_l_echeance date_de_paiement date_de_prelevement jour"
    " fecha vencimiento fecha_de_pago fecha_de_vencimiento fecha_pago fecha_vencimiento"
    " data vencimento data_de_vencimento data_de_pagamento data_pagamento data_vencimento"
    " scadenza data_scadenza data_di_scadenza data_rata"
    " vervaldatum vervaldag betaaldatum betaaldag incassodatum",
    "payment": "instalment installment total emi amount payment_amount monthly_payment total_payment"
    " scheduled_payment total_due amount_due pmt repayment monthly_instalment monthly_installment"
    " instalment_amount installment_amount emi_amount amount_paid amount_payable total_amount"
    " repayment_amount total_repayment total_instalment total_installment total_paid"
    " 月供 月供金额 还款额 还款金额 月还款额 每月还款额 每期还款额"
    " 当期还款额 本期应还 应还总额 应还金额 应还本息 本息合计 合计 应还款额 月还款 每期应还 还款总额 还本付息"
    " monatsrate monatliche_rate ratenhohe rate_gesamt annuitat annuitaet kapitaldienst"
    " zahlung zahlbetrag gesamtrate zahlungsbetrag"
    " mensualite echeance_totale montant montant_echeance montant_de_l_echeance montant_total versement"
    " annuite mensualite_totale mensualite_hors_assurance total_echeance paiement"
    " cuota cuota_mensual importe importe_cuota importe_de_la_cuota cuota_total pago pago_mensual"
    " valor_de_la_cuota valor_cuota mensualidad cuota_a_pagar"
    " prestacao parcela valor_da_parcela valor_da_prestacao valor_parcela pagamento prestacao_mensal"
    " rata importo_rata rata_mensile importo rata_totale"
    " termijnbedrag maandbedrag annuiteit maandlast bruto_maandlast te_betalen termijn",
    "interest": "interest_paid interest_amount interest_portion interest_due interest_component"
    " interest_payment interest_charged int interest_charge"
    " 利息 应还利息 偿还利息 还款利息 每期利息 本期利息 支付利息 月利息"
    " zinsen zins zinsanteil zinsbetrag davon_zinsen sollzinsen zinszahlung"
    " interets interet part_interets montant_des_interets dont_interets part_d_interets"
    " intereses interes parte_de_intereses pago_de_intereses cuota_de_interes cuota_de_intereses"
    " juros juro valor_dos_juros juros_pagos"
    " interessi quota_interessi interesse quota_interesse"
    " rente rentebedrag rentedeel rentebetaling",
    "principal": "principal_paid principal_amount principal_portion principal_due principal_repayment"
    " principal_component principal_payment capital capital_repaid capital_repayment capital_paid"
    " repayment_of_principal prin capital_portion amortisation amortization principal_repaid"
    " 本金 应还本金 偿还本金 还款本金 每期本金 本期本金 归还本金 月本金"
    " tilgung tilgungsanteil kapital davon_tilgung tilgungsbetrag kapitalanteil tilgungszahlung"
    " capital_amorti capital_rembourse amortissement part_capital amortissement_du_capital"
    " remboursement_du_capital dont_capital part_de_capital principal_rembourse"
    " amortizacion capital_amortizado amortizacion_de_capital abono_a_capital principal_amortizado"
    " cuota_de_amortizacion abono_capital cuota_de_capital"
    " amortizacao amortizacao_de_capital capital_amortizado valor_da_amortizacao"
    " capitale quota_capitale quota_di_capitale capitale_rimborsato"
    " aflossing aflossingsbedrag aflossingsdeel hoofdsom aflossing_hoofdsom",
    "fee": "fees charges fee_amount service_fee monthly_fee insurance administration_fee"
    " 费用 手续费 服务费 管理费 保险费 担保费"
    " gebuhr gebuhren gebuehr gebuehren kosten spesen entgelt"
    " frais assurance cotisation_assurance frais_de_dossier prime_assurance assurance_emprunteur"
    " comision comisiones gastos seguro seguros"
    " tarifa tarifas taxas encargos despesas"
    " spese commissioni commissione assicurazione spese_incasso"
    " behandelingskosten verzekering",
    "penalty": "penalties late_fee late_fees penalty_interest 罚息 违约金 逾期罚息"
    " verzugszinsen mahngebuhr penalites intereses_de_mora multa juros_de_mora boete",
    "tax": "taxes vat gst 税款 税费 税 增值税 steuer taxe tva iva impuesto impuestos imposto iof imposte"
    " tasse belasting btw",
    "refund": "refunds 退费",
    "deferred_interest": "deferred_interest_paid 延付利息 本期支付的递延利息 递延利息",
    "advanced": "lent disbursed disbursement drawdown 追加放款 追加贷款 追加发放贷款 放款金额 贷款发放"
    " auszahlung deblocage desembolso liberacao erogazione uitbetaling",
    "capitalised": "capitalized 计入本金",
    "forgiven": "减免 减免本金",
    "waived": "免收利息",
    "deferred": "put_off still_deferred 待付利息 未付递延利息 未付递延利息余额",
    "prepaid": "prepayment extra_payment extra_principal additional_payment overpayment 提前偿还 其中提前偿还"
    " 提前还款 sondertilgung remboursement_anticipe amortizacion_anticipada amortizacao_extra extra_aflossing",
    "forgiven_interest": "减免递延利息",
    "opening": "opening_balance beginning_balance starting_balance opening_principal initial_balance"
    " balance_before opening_balance_principal balance_brought_forward"
    " 期初余额 期初本金 期初贷款余额"
    " anfangsschuld schuld_am_anfang anfangsbestand anfangssaldo restschuld_beginn restschuld_anfang"
    " schuld_zu_beginn kapital_beginn anfangskapital"
    " capital_initial solde_initial capital_debut capital_restant_du_avant solde_debut"
    " saldo_inicial capital_inicial capital_pendiente_inicial deuda_inicial"
    " saldo_devedor_inicial"
    " debito_iniziale saldo_iniziale capitale_iniziale"
    " beginschuld beginsaldo schuld_begin openstaand_begin",
    "closing": "balance closing_balance remaining_balance outstanding outstanding_balance"
    " ending_balance loan_balance principal_balance outstanding_principal remaining_principal"
    " end_balance balance_after balance_outstanding principal_outstanding remaining_debt"
    " capital_outstanding outstanding_capital remaining_capital balance_due capital_balance"
    " unpaid_balance loan_outstanding closing_principal remaining balance_carried_forward"
    " outstanding_loan_balance remaining_loan_balance principal_remaining balance_remaining"
    " 贷款余额 剩余贷款 剩余欠款 剩余应还本金 期末本金 本金余额 剩余本金 剩余本金余额 期末余额 未还本金 余额 待还本金"
    " restschuld saldo restkapital endschuld restsaldo restbetrag schuld_am_ende endsaldo restschuld_ende"
    " darlehensstand kontostand kapital_ende schuldenstand"
    " capital_restant_du capital_restant solde crd solde_restant_du capital_du restant_du solde_final"
    " capital_restant_du_apres_echeance solde_restant capital_restant_du_apres"
    " capital_pendiente saldo_pendiente capital_vivo saldo_final saldo_de_capital deuda_pendiente"
    " capital_pendiente_de_amortizar saldo_insoluto principal_pendiente capital_restante deuda"
    " saldo_devedor saldo_em_divida capital_em_divida divida saldo_restante saldo_devedor_final"
    " debito_residuo capitale_residuo residuo debito_residuo_finale saldo_finale debito"
    " restschuld_einde restantschuld restant resterende_schuld openstaand_saldo schuld openstaand"
    " openstaande_schuld restant_hoofdsom eindsaldo uitstaand_saldo resterend",
}
#: Names of columns that are no figure of a row, such as a rate or a sum of the rows so far.
_LEFT_OUT = (
    "days no_of_days day_count number_of_days interest_rate rate_of_interest rate_% interest_% apr status"
    " cumulative_interest total_interest accumulated_interest cumulative_principal total_principal"
    " interest_to_date principal_to_date cumulative_payment remarks note notes year jahr annee ano anno jaar"
    " tage zinssatz zinsen_kumuliert kumulierte_zinsen sollzinssatz jours taux interets_cumules"
    " capital_amorti_cumule dias tasa tipo_de_interes intereses_acumulados capital_amortizado_acumulado"
    " taxa taxa_de_juros juros_acumulados giorni tasso interessi_cumulati debito_estinto"
    " capitale_estinto dagen rentepercentage cumulatieve_rente"
    " 天数 利率 年利率 累计利息 累计本金 状态 备注 计息天数 执行利率 还款状态"
).split()
#: Names that lenders use for several things: what stands in the column tells for which.
_SEVERAL = {
    "echeance": ("date", "number", "payment"),
    "echeances": ("date", "number", "payment"),
    "termijn": ("number", "date", "payment"),
    "due": ("date", "payment"),
    "month": ("number", "date"),
    "period": ("number", "date"),
    "monat": ("number", "date"),
    "mois": ("number", "date"),
    "mes": ("number", "date"),
    "mese": ("number", "date"),
    "maand": ("number", "date"),
    "periode": ("number", "date"),
    "periodo": ("number", "date"),
    "instalment": ("payment", "number"),
    "installment": ("payment", "number"),
    "payment": ("payment", "number"),
    "emi": ("payment", "number"),
    "rate": ("payment", "number"),
    "cuota": ("payment", "number"),
    "rata": ("payment", "number"),
    "parcela": ("payment", "number"),
    "prestacao": ("payment", "number"),
    "mensualite": ("payment", "number"),
    "zahlung": ("payment", "number"),
}


def _plain(head: str) -> str:
    """Return a head in small letters without accents, brackets and stops, its words joined."""
    text = normalize("NFKC", head.strip().strip("*").replace("º", "°")).lower().partition("(")[0]
    letters = (letter for letter in normalize("NFD", text) if category(letter) not in ("Mn", "Sc"))
    text = "".join("_" if letter in "'\u2019-/.,\u2013" else letter for letter in letters)
    text = "_".join(text.replace("_", " ").replace(":", " ").split())
    return re.sub(r"(?<=[\u4e00-\u9fff])_(?=[\u4e00-\u9fff])", "", text)  # broken over lines


@cache
def _columns() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, heads in _OTHERS.items():
        for head in heads.split():
            found.setdefault(_plain(head), name)
    return found | {name: name for name in (*NAMES, "currency")}


def column_of(head: object) -> str | None:
    """Return the column of a schedule that a head names, in one of eight languages; nothing for others.

    Examples
    --------
    >>> column_of("Remaining balance"), column_of("本金余额"), column_of("Capital restant dû (€)")
    ('closing', 'closing', 'closing')
    >>> column_of("rent")
    """
    return _columns().get(_plain(head)) if isinstance(head, str) else None


def kinds_of(head: str) -> tuple[str, ...]:
    """Return the columns that a head may name; what stands in the column tells which.

    Examples
    --------
    >>> kinds_of("Échéance"), kinds_of("Datum")
    (('date', 'number', 'payment'), ('date',))
    """
    name = column_of(head)
    several = _SEVERAL.get(_plain(head), ())
    return several or (() if name is None else (name,))


def is_left_out(head: object) -> bool:
    """Return whether a head names what is no figure of a row, such as its rate."""
    return isinstance(head, str) and _plain(head) in map(_plain, _LEFT_OUT)


def heads_in(line: str, count: int) -> list[str] | None:
    """Return the heads of a line in which single spaces part them as well as their words.

    Examples
    --------
    >>> heads_in("No Due date Opening balance Payment", 4)
    ['No', 'Due date', 'Opening balance', 'Payment']
    """
    words = line.split()

    @cache
    def parted(first: int, left: int) -> tuple[str, ...] | None:
        if first == len(words) or not left:
            return () if first == len(words) and not left else None
        for length in range(min(MOST_WORDS, len(words) - first), 0, -1):
            head = " ".join(words[first : first + length])
            known = column_of(head) or is_left_out(head)
            rest = parted(first + length, left - 1) if known else None
            if rest is not None:
                return (head, *rest)
        return None

    found = parted(0, count)
    return None if found is None else list(found)
